// The books that operators read, and the blocks in them.

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
