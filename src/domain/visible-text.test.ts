import fc from 'fast-check';
import { expect, test } from 'vitest';

import { visibleText } from './visible-text.ts';

test.each([
  ['plain words — “as they are”: ½ €5 {a} <b> \\c', 'plain words — “as they are”: ½ €5 {a} <b> \\c'],
  ['two\r\nlines\rof\u2028text\u0085here', 'two\nlines\nof\ntext\nhere'],
  ['paragraphs\u2029here', 'paragraphs\n\nhere'],
  ['a\tb\u0007c\u001b[31md\u0000e\u009bf', 'a\tbc[31mdef'],
  ['\ufeffbegin', 'begin'],
  ['user\u202etxt.exe\u202c \u2066in\u2069', 'usertxt.exe in'],
  ['שלום\u200f! \u200eOK', 'שלום\u200f! \u200eOK'],
  ['می\u200cخواهم क्\u200dष', 'می\u200cخواهم क्\u200dष'],
  [
    '👨\u200d👩\u200d👧 ❤\ufe0f 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
    '👨\u200d👩\u200d👧 ❤\ufe0f 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
  ],
  ['seen\u{e0068}\u{e0069}\u{e0064}', 'seen'],
  ['x\ufe00\ufe01\ufe02\u{e0100}', 'x\ufe00'],
  ['half \ud83d of one', 'half  of one'],
  ['none \ufffe\u{1ffff}', 'none '],
  [`z${'\u0301'.repeat(1_000)}algo`, `z${'\u0301'.repeat(8)}algo`],
  ['שָׁל֥וֹם', 'שָׁל֥וֹם'],
])('%j becomes %j', (text, seen) => {
  expect(visibleText(text)).toBe(seen);
});

test('what was given back stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const seen = visibleText(text);
      expect(visibleText(seen)).toBe(seen);
      expect(seen).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0\r\u2028]/);
    }),
    { seed: 20_261_125 },
  );
});
