// The books by which operators work, and the blocks in them. The other pages beside them describe parts.

export const operationsBooks = [
  'README',
  'checklists',
  'deployment',
  'on-call',
  'rollback',
  'runbook',
  'scaling-and-cost',
  'troubleshooting',
].map((name) => `docs/operations/${name}.md`);

/** The contents of the blocks of one language. */
export function blocksOf(text: string, language: string): string[] {
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'));
  return [...blocks].map(([, block]) => block!);
}
