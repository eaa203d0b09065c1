// Words that Flite says badly by itself: newer than its dictionary, foreign, or units that only our readings use. Each
// was seen wrong in the phones that `-psdur` prints; words that it says right do not belong here.

/** CMU phones, vowels with their stress; the vowel of unstressed syllables is `ax0`. */
export const pronunciations: Record<string, string> = {
  blockchain: 'b l aa1 k ch ey1 n',
  covid: 'k ow1 v ih0 d',
  cryptocurrency: 'k r ih1 p t ow0 k er1 ax0 n s iy0',
  gigabit: 'g ih1 g ax0 b ih1 t',
  gigabits: 'g ih1 g ax0 b ih1 t s',
  gigabyte: 'g ih1 g ax0 b ay1 t',
  gigahertz: 'g ih1 g ax0 hh er1 t s',
  gigawatt: 'g ih1 g ax0 w aa1 t',
  github: 'g ih1 t hh ah1 b',
  kyiv: 'k iy1 v',
  megabits: 'm eh1 g ax0 b ih1 t s',
  milliamp: 'm ih1 l iy0 ae1 m p',
  milliliter: 'm ih1 l ax0 l iy1 t er0',
  milliseconds: 'm ih1 l iy0 s eh1 k ax0 n d z',
  millisecond: 'm ih1 l iy0 s eh1 k ax0 n d',
  nanometer: 'n ae1 n ow0 m iy1 t er0',
  nanometers: 'n ae1 n ow0 m iy1 t er0 z',
  quinoa: 'k iy1 n w aa0',
  roubles: 'r uw1 b ax0 l z',
  tiktok: 't ih1 k t aa1 k',
  unicef: 'y uw1 n ih0 s eh1 f',
  yolo: 'y ow1 l ow0',
};
