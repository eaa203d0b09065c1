// The status page for people: plain HTML without scripts, from the same facts as the JSON.
import type { z } from 'zod';

import type { statusSchema } from './schemas/index.ts';

export type StatusFacts = z.output<typeof statusSchema>;

export function renderStatusPage({ version, status, checks, jobs, queue, at }: StatusFacts): string {
  const ready = status === 'ready';
  const parts = Object.entries(checks).map(
    ([name, { ok, detail, milliseconds }]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td class="${ok ? 'good' : 'bad'}">${ok ? '✓ works' : '✗ fails'}</td><td>${escapeHtml(detail ?? `${milliseconds} ms`)}</td></tr>`,
  );
  const counts = jobs
    ? Object.entries(jobs).map(
        ([name, count]) => `<div><dt>${escapeHtml(name.replaceAll('_', ' '))}</dt><dd>${count}</dd></div>`,
      )
    : ['<p>The database does not answer; jobs cannot be counted now.</p>'];
  const waiting = queue
    ? `${queue.length} waiting, the oldest for ${Math.round(queue.oldest_age_seconds)} s`
    : 'does not answer';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="10">
<title>AIPROD: ${ready ? 'ready' : 'not ready'}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>AIPROD <small>${escapeHtml(version)}</small></h1>
<p class="verdict ${ready ? 'good' : 'bad'}">${ready ? 'Ready for work.' : 'Not ready: see what fails below.'}</p>
<h2>Parts</h2>
<table>${parts.join('')}</table>
<h2>Jobs</h2>
<dl>${counts.join('')}</dl>
<h2>Queue</h2>
<p>${escapeHtml(waiting)}</p>
<footer><a href="/docs/">API reference</a> · <a href="/metrics">metrics</a> · as of <time datetime="${at}">${escapeHtml(at.replace('T', ' ').slice(0, 19))} UTC</time>, renewed every 10 s</footer>
</main>
</body>
</html>
`;
}

const style = `
:root{color-scheme:light dark;--good:#137a3f;--bad:#b3261e;--line:#8884}
@media (prefers-color-scheme:dark){:root{--good:#5fd392;--bad:#ff8a80}}
body{font:16px/1.5 system-ui,sans-serif;margin:0}
main{max-width:44rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.6rem;margin:0}h1 small{font-size:.9rem;font-weight:400;opacity:.7}
h2{font-size:1rem;margin:2rem 0 .5rem}
.verdict{font-size:1.15rem;font-weight:600}.good{color:var(--good)}.bad{color:var(--bad)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);font-weight:400}
th{font-weight:600}td:last-child{opacity:.75}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.75rem;margin:0}
dl div{border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}
dt{font-size:.85rem;opacity:.75}dd{margin:0;font-size:1.5rem;font-variant-numeric:tabular-nums}
footer{margin-top:2.5rem;font-size:.85rem;opacity:.75}`;

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
