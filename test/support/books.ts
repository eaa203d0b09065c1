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

/** The arguments that a document's `gcloud run jobs execute` commands hand to AIPROD, as gcloud takes lists apart. */
export function jobArguments(text: string): string[][] {
  const commands = blocksOf(text, 'sh').flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'));
  return commands
    .filter((command) => command.startsWith('gcloud run jobs execute '))
    .flatMap((command) => shellWords(command).filter((word) => word.startsWith('--args=')))
    .map((word) => gcloudList(word.slice('--args='.length)));
}

/** The words of a command without expansions: quotes are taken off. */
export function shellWords(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'),
  );
}

/** As `gcloud topic escaping` says: commas part, unless the list names another delimiter first. No character escapes one. */
function gcloudList(list: string): string[] {
  const [, delimiter = ',', rest = list] = /^\^([^^]+)\^(.*)$/.exec(list) ?? [];
  return rest.split(delimiter);
}
