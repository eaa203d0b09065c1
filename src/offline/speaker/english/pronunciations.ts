// Words that Flite says badly by itself: newer than its dictionary, or foreign. CMU phones with stress; additions need
// a wrong reading that was seen (its phones are printed by `-psdur`).

/** In Flite's lexicon the vowel of unstressed syllables is `ax0`. */
export const pronunciations: Record<string, string> = {
  askee: 'ae1 s k iy0',
  bitcoin: 'b ih1 t k oy1 n',
  blockchain: 'b l aa1 k ch ey1 n',
  covid: 'k ow1 v ih0 d',
  github: 'g ih1 t hh ah1 b',
  kyiv: 'k iy1 v',
  miz: 'm ih1 z',
  opec: 'ow1 p eh1 k',
  pdf: 'p iy1 d iy1 eh1 f',
  quinoa: 'k iy1 n w aa0',
  unicef: 'y uw1 n ih0 s eh1 f',
};
