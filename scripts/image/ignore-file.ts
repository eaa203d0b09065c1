// Reads a .dockerignore file: what of the project a build gets to see.

/** Whether a path, relative to the project and with `/`, is kept out. As in Docker the last line that fits decides. */
export function readIgnoreFile(text: string): (path: string) => boolean {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keepsOut: !line.startsWith('!'), fits: toExpression(line.replace(/^!/, '')) }));
  return (path) => rules.findLast(({ fits }) => fits.test(path))?.keepsOut ?? false;
}

/** A pattern fits what it names and everything below. */
function toExpression(pattern: string): RegExp {
  const wild: Record<string, string> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };
  const source = pattern
    .replace(/^\/|\/$/g, '')
    .replaceAll(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (found) => wild[found] ?? `\\${found}`);
  return new RegExp(`^${source}(?:/.*)?$`);
}
