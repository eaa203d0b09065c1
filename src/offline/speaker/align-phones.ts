// Finds which spoken phone belongs to which piece of text: edit distance between the phones that the pieces have by
// themselves and the phones that were spoken.

export interface ExpectedPhone {
  phone: string;
  /** Index of the piece that it belongs to. */
  piece: number;
}

const vowels = /^[aeiou]/;
const gapCost = 0.7;

function substitutionCost(a: string, b: string): number {
  if (a === b) return 0;
  const [vowelA, vowelB] = [vowels.test(a), vowels.test(b)];
  if (vowelA !== vowelB) return 1.3;
  return vowelA ? 0.5 : 0.9;
}

/**
 * For each spoken phone the index of its piece; a phone that nobody expected goes with the one before it. Needs
 * expected.length × spoken.length bytes.
 */
export function alignPhones(expected: ExpectedPhone[], spoken: string[]): number[] {
  const [rows, columns] = [expected.length + 1, spoken.length + 1];
  const moves = new Uint8Array(rows * columns);
  const [substituted, skipped, inserted] = [0, 1, 2];
  let previous = Float64Array.from({ length: columns }, (_, column) => column * gapCost);
  moves.fill(inserted, 0, columns);
  for (let row = 1; row < rows; row++) {
    const current = new Float64Array(columns);
    current[0] = row * gapCost;
    moves[row * columns] = skipped;
    for (let column = 1; column < columns; column++) {
      const same = previous[column - 1]! + substitutionCost(expected[row - 1]!.phone, spoken[column - 1]!);
      const skip = previous[column]! + gapCost;
      const insert = current[column - 1]! + gapCost;
      const best = Math.min(same, skip, insert);
      current[column] = best;
      moves[row * columns + column] = best === same ? substituted : best === skip ? skipped : inserted;
    }
    previous = current;
  }

  const pieces = new Array<number>(spoken.length).fill(-1);
  for (let row = rows - 1, column = columns - 1; row > 0 || column > 0; ) {
    const move = moves[row * columns + column]!;
    if (move === substituted) pieces[--column] = expected[--row]!.piece;
    else if (move === skipped) row--;
    else column--;
  }
  const first = expected[0]?.piece ?? 0;
  for (let i = 0; i < pieces.length; i++) if (pieces[i] === -1) pieces[i] = pieces[i - 1] ?? first;
  return pieces;
}
