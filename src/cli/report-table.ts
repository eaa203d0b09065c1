// Prints what was measured on a finished video, gate by gate.
import type { JobView } from './views.ts';

/** What of a job it reads. */
interface Reported {
  report: Pick<NonNullable<JobView['report']>, 'gates'> | null;
  degradations: JobView['degradations'];
}

export function formatReport({ report, degradations }: Reported): string {
  if (report === null) return '';
  const rows = report.gates.map(({ name, passed, measured, required }) => [
    passed ? '✓' : '✗',
    name,
    measured,
    required,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
  );
  const fallbacks = degradations.map(
    ({ capability, cause, remedy }) => `  ! ${capability}: ${cause}\n    ${remedy}`,
  );
  return [...lines, ...fallbacks].join('\n');
}
