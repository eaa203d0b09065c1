// Reads caption files as players do: WebVTT after the rules of its specification, SubRip as it is commonly read. Shares
// nothing with what writes them.

export interface ReadCue {
  text: string;
  /** Whatever a player would take for a tag, an override or an entity that it does not know. */
  markup: string[];
}

const vttTimes = /^(\d{2,}:)?\d{2}:\d{2}\.\d{3}[ \t]+-->[ \t]+(\d{2,}:)?\d{2}:\d{2}\.\d{3}(.*)$/;
const srtTimes = /^\d{2}:\d{2}:\d{2},\d{3} --> \d{2}:\d{2}:\d{2},\d{3}(.*)$/;
const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  lrm: '\u200e',
  rlm: '\u200f',
  nbsp: '\u00a0',
};

/** Throws for what is no WebVTT file, and for blocks that are no cues. */
export function readVtt(file: string): ReadCue[] {
  const [signature, ...blocks] = file.replaceAll(/\r\n?/g, '\n').split(/\n{2,}/);
  if (signature !== 'WEBVTT') throw new Error('no signature, or a header after it');
  return blocks
    .map((block) => block.replace(/\n$/, ''))
    .filter((block) => block !== '')
    .map((block) => {
      const [times, ...lines] = block.split('\n');
      const settings = vttTimes.exec(times!)?.[3];
      if (settings === undefined) throw new Error(`no cue: ${block}`);
      if (settings !== '') throw new Error(`a cue with settings: ${block}`);
      if (lines.some((line) => line.includes('-->'))) throw new Error(`a cue within a cue: ${block}`);
      const payload = lines.join('\n');
      const tags = payload.match(/<[^>]*>?/g) ?? [];
      const text = payload
        .replaceAll(/<[^>]*>?/g, '')
        .replaceAll(/&(\w+|#\w+);/g, (entity, name: string) => entities[name] ?? entity);
      return { text, markup: tags };
    });
}

/** As lenient as players: a block is anything between blank lines, and any line with times begins a cue. */
export function readSrt(file: string): ReadCue[] {
  return file
    .replaceAll(/\r\n?|(?!\t)[\p{Cc}\u2028\u2029]/gu, '\n')
    .split(/\n(?=\d+\n\d{2}:\d{2}:\d{2},\d{3} -->)|\n\n+/)
    .map((block) => block.replace(/\n$/, ''))
    .filter((block) => block !== '')
    .map((block, index) => {
      const [number, times, ...lines] = block.split('\n');
      if (number !== `${index + 1}` || srtTimes.exec(times ?? '')?.[1] !== '')
        throw new Error(`no cue: ${block}`);
      const text = lines.join('\n');
      return { text, markup: text.match(/<\/?[a-z!?][^>]*>?|\{[^}]*\}?|\\[a-z]|-->|&#?\w+;/gi) ?? [] };
    });
}
