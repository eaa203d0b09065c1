// Drum patterns: sixteen steps a bar, three degrees of fullness.
import type { InstrumentName } from './instruments/all.ts';
import type { KitName } from './styles.ts';

interface DrumLine {
  instrument: InstrumentName;
  /** Sixteen steps: `X` accent, `x` hit, `o` soft, `.` rest. */
  steps: string;
  levelDb: number;
  pan: number;
}

interface Kit {
  /** From almost nothing to everything. */
  degrees: [DrumLine[], DrumLine[], DrumLine[]];
  /** Into a new section, in its last bar; and on its first beat. */
  lead: InstrumentName | null;
  arrival: InstrumentName | null;
  /** Which line moves the others when the band pumps. */
  kick: InstrumentName | null;
}

function line(instrument: InstrumentName, steps: string, levelDb: number, pan = 0): DrumLine {
  return { instrument, steps, levelDb, pan };
}

export const kits: Record<KitName, Kit> = {
  orchestral: {
    degrees: [
      [line('taiko', 'x...............', -8, -0.2)],
      [line('taiko', 'X.....x.x.......', -4, -0.2), line('tom', '............o.o.', -10, 0.3)],
      [
        line('taiko', 'X..o..x.X..o..x.', -2, -0.2),
        line('tom', '....o.....o.x.xx', -8, 0.3),
        line('snare', '..o...o...o.o.oo', -20, 0.1),
      ],
    ],
    lead: 'cymbalSwell',
    arrival: 'crash',
    kick: null,
  },
  soft: {
    degrees: [
      [],
      [line('shaker', 'o.x.o.x.o.x.o.x.', -8, 0.3)],
      [line('softKick', 'x.......x.......', -2), line('shaker', 'o.x.o.x.o.x.o.x.', -7, 0.3)],
    ],
    lead: 'cymbalSwell',
    arrival: null,
    kick: null,
  },
  light: {
    degrees: [
      [line('shaker', 'o.o.x.o.o.o.x.o.', -10, 0.35)],
      [
        line('softKick', 'x.......x.......', -3),
        line('snap', '....x.......x...', -5, 0.1),
        line('shaker', 'ooxoooxoooxoooxo', -10, 0.35),
      ],
      [
        line('kick', 'X.....x.X.......', -4),
        line('clap', '....X.......X...', -4),
        line('closedHat', 'x.o.x.o.x.o.x.o.', -11, -0.3),
        line('shaker', 'ooxoooxoooxoooxo', -12, 0.35),
      ],
    ],
    lead: 'cymbalSwell',
    arrival: 'crash',
    kick: 'kick',
  },
  beat: {
    degrees: [
      [line('hardKick', 'X.........x.....', 0), line('snap', '........x.......', -5)],
      [
        line('hardKick', 'X.....x...x.....', 0),
        line('clap', '........X.......', -2),
        line('closedHat', 'x.x.x.x.x.x.x.x.', -9, 0.2),
      ],
      [
        line('hardKick', 'X.....x...x...o.', 0),
        line('clap', '........X.......', -1),
        line('closedHat', 'x.x.xxx.x.x.xoxo', -8, 0.2),
        line('openHat', '..............x.', -12, -0.2),
      ],
    ],
    lead: 'cymbalSwell',
    arrival: 'crash',
    kick: 'hardKick',
  },
  none: { degrees: [[], [], []], lead: null, arrival: null, kick: null },
  machine: {
    degrees: [
      [line('kick', 'X.......X.......', 0), line('closedHat', '..x...x...x...x.', -10, 0.2)],
      [
        line('kick', 'X...x...X...x...', 0),
        line('gatedSnare', '....x.......x...', -3),
        line('closedHat', '..x...x...x...x.', -9, 0.2),
      ],
      [
        line('kick', 'X...x...X...x...', 0),
        line('gatedSnare', '....X.......X...', -1),
        line('closedHat', 'x.xxx.xxx.xxx.xx', -10, 0.2),
        line('openHat', '..x...x...x...x.', -14, -0.2),
      ],
    ],
    lead: 'tom',
    arrival: 'crash',
    kick: 'kick',
  },
  hand: {
    degrees: [
      [line('shaker', '..o...x...o...x.', -8, 0.4)],
      [line('frameDrum', 'x.....o.x.......', -2, -0.15), line('shaker', 'o.o.x.o.o.o.x.o.', -9, 0.4)],
      [
        line('frameDrum', 'X..o..x.X.o...x.', 0, -0.15),
        line('woodBlock', '....o.....o.....', -15, 0.3),
        line('shaker', 'oxoxXxoxoxoxXxox', -10, 0.4),
      ],
    ],
    lead: null,
    arrival: null,
    kick: null,
  },
  brushes: {
    degrees: [
      [line('brushSweep', 'x.......x.......', -6, 0.1)],
      [
        line('brushSweep', 'x.......x.......', -5, 0.1),
        line('ride', 'x...x.o.x...x.o.', -8, 0.3),
        line('brush', '....o.......o...', -8, -0.1),
      ],
      [
        line('brushSweep', 'x.......x.......', -6, 0.1),
        line('ride', 'x...X.x.x...X.x.', -5, 0.3),
        line('brush', '....x.....o.x.o.', -5, -0.1),
        line('softKick', 'o.......o.......', -7),
      ],
    ],
    lead: null,
    arrival: null,
    kick: null,
  },
};
