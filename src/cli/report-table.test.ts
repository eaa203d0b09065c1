import { describe, expect, it } from 'vitest';

import { formatReport } from './report-table.ts';

const gates = [
  { name: 'duration', passed: true, measured: '30.02 s', required: '30 ±0.5 s' },
  { name: 'loudness', passed: false, measured: '-12 LUFS', required: '-14 ±0.5 LUFS' },
];

describe('formatReport', () => {
  it('shows each gate in columns, then what was made by a fallback and how to avoid it', () => {
    const degradations = [{ capability: 'duration', cause: 'The text is too long.', remedy: 'Shorten it.' }];
    expect(formatReport({ report: { gates }, degradations }).split('\n')).toEqual([
      '  ✓  duration  30.02 s   30 ±0.5 s',
      '  ✗  loudness  -12 LUFS  -14 ±0.5 LUFS',
      '  ! duration: The text is too long.',
      '    Shorten it.',
    ]);
  });

  it('says nothing of a job without a report', () => {
    expect(formatReport({ report: null, degradations: [] })).toBe('');
  });
});
