// What the doctor found, and how it says it: to people, and to programs.

export interface Finding {
  name: string;
  ok: boolean;
  detail: string;
  /** What to do; shown when not ok. */
  advice?: string;
  /** Of something that is not ok: it is not there, or we may not use it. Else it is there and wrong. */
  missing?: boolean;
}

/** One line each, with what to do below those that are not ok, and a line about all. */
export function toText(findings: readonly Finding[], style: 'marks' | 'words'): string {
  const lines = findings.map((finding) => lineOf(finding, style));
  const faults = findings.filter(({ ok }) => !ok).length;
  const wishes =
    style === 'marks' ? 'This machine can make videos.' : 'Everything that production needs is there.';
  const verdict = faults === 0 ? wishes : `${faults} of ${findings.length} checks failed.`;
  return `${lines.join('')}${verdict}\n`;
}

/** With what to do below it, when it is not ok. */
export function lineOf(finding: Finding, style: 'marks' | 'words'): string {
  const { name, ok, detail, advice } = finding;
  const sign = style === 'marks' ? (ok ? '✓' : '✗') : statusOf(finding).padEnd(7);
  return `${sign} ${name}: ${detail}\n${ok || advice === undefined ? '' : `  → ${advice}\n`}`;
}

export function toJson(findings: readonly Finding[]): string {
  const told = findings.map((finding) => {
    const { name, ok, detail, advice } = finding;
    return {
      name,
      status: statusOf(finding),
      detail,
      ...(!ok && advice !== undefined && { remedy: advice }),
    };
  });
  return `${JSON.stringify({ ok: findings.every(({ ok }) => ok), findings: told }, null, 2)}\n`;
}

const statusOf = ({ ok, missing }: Finding) => (ok ? 'ok' : missing ? 'missing' : 'wrong');
