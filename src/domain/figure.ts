// A number of the script as a small moving figure: what it shows is what the words say. Wire form; part of a scene.

export const figureKinds = ['share', 'gauge', 'compare', 'year', 'count'] as const;

export interface Figure {
  /**
   * `share`: a ring that fills; `gauge`: a thermometer; `compare`: two bars; `year`: a mark on a line of years; `count`: a
   * number that counts up.
   */
  kind: (typeof figureKinds)[number];
  /** `share`: 0..1; `gauge`: degrees; `compare`: the second bar, beside `from`; else the number itself. */
  value: number;
  /** Of `compare`: the first bar. */
  from?: number;
  /** The number as the words have it: `71%`, `93°C`, `20 → 60`. */
  label: string;
  /** What is counted, from the words; may be empty. */
  unit: string;
  /** Index of the word with which it begins to move. */
  at_word: number;
}
