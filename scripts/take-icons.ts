// Writes src/offline/painter/icons/lucide.ts from an unpacked `lucide-static` package: the few icons that the painter
// draws, as path data. Run by hand when icons are added: node scripts/take-icons.ts FOLDER.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

type Shape = [tag: string, attributes: Record<string, string>];

const target = new URL('../src/offline/painter/icons/lucide.ts', import.meta.url);

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder of the unpacked lucide-static package.');
const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
  version: string;
};
const nodes = JSON.parse(readFileSync(path.join(folder, 'icon-nodes.json'), 'utf8')) as Record<
  string,
  Shape[]
>;
const names = [...readFileSync(target, 'utf8').matchAll(/^ {2}'?([a-z0-9-]+)'?: \[/gm)].map(
  ([, name]) => name!,
);

const entries = [...new Set([...names, ...process.argv.slice(3)])].sort().map((name) => {
  const shapes = nodes[name];
  if (shapes === undefined) throw new Error(`There is no icon "${name}".`);
  const outlines = shapes.map(([tag, attributes]) => outline(tag, attributes));
  return `  '${name}': [${outlines.map((line) => `'${line}'`).join(', ')}],`;
});
writeFileSync(
  target,
  `// Icons of Lucide ${version} (https://lucide.dev), 24 units wide. Data only, written by scripts/take-icons.ts.
// Copyright (c) 2026 Lucide Icons and Contributors, ISC licence; those from Feather (c) 2013-present Cole Bemis, MIT:
// LICENSE beside this file has both texts.

/** Per icon its lines as SVG path data, to be stroked 2 units wide. */
export const lucide = {
${entries.join('\n')}
} as const satisfies Record<string, readonly string[]>;
`,
);

function outline(tag: string, at: Record<string, string>): string {
  const n = (name: string) => Number(at[name] ?? 0);
  if (tag === 'path') return at.d!;
  if (tag === 'line') return `M${n('x1')} ${n('y1')}L${n('x2')} ${n('y2')}`;
  if (tag === 'circle' || tag === 'ellipse') {
    const [rx, ry] = tag === 'circle' ? [n('r'), n('r')] : [n('rx'), n('ry')];
    const left = n('cx') - rx;
    return `M${left} ${n('cy')}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0Z`;
  }
  if (tag === 'rect') {
    const r = n('rx') || n('ry');
    const [w, h] = [n('width') - 2 * r, n('height') - 2 * r];
    const corner = (x: number, y: number) => `a${r} ${r} 0 0 1 ${x} ${y}`;
    return `M${n('x') + r} ${n('y')}h${w}${corner(r, r)}v${h}${corner(-r, r)}h${-w}${corner(-r, -r)}v${-h}${corner(r, -r)}Z`;
  }
  const points = at.points!.trim().replace(/\s+/g, ' ');
  return `M${points}${tag === 'polygon' ? 'Z' : ''}`;
}
