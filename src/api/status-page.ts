// The status page for people: plain HTML without scripts, from the same facts as the JSON.
import type { StatusFacts } from './status-facts.ts';

type ShownIncident = NonNullable<StatusFacts['incidents']>[number];

export function renderStatusPage(facts: StatusFacts): string {
  const { version, at, incidents } = facts;
  const now = Date.parse(at);
  const inPhase = (phase: Phase) => incidents?.filter((incident) => phaseOf(incident, now) === phase) ?? [];
  // What is planned is no reason to look past what lasts.
  const [current, past] = [[...inPhase('now'), ...inPhase('planned')], inPhase('past')];
  const { text, tone } = verdictOf(facts, inPhase('now'));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="10">
<title>AIPROD: ${escapeHtml(text)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>AIPROD <small>${escapeHtml(version)}</small></h1>
<p class="verdict ${tone}">${escapeHtml(text)}</p>
${current.map((incident) => incidentBox(incident, now)).join('\n')}
${incidents === null ? '<p class="note">The list of incidents cannot be read now.</p>' : ''}
<h2>Parts</h2>
${partsTable(facts)}
<h2>Last hour</h2>
${lastHour(facts)}
<h2>Jobs</h2>
${jobCounts(facts)}
<h2>Users’ requests to this process</h2>
${requestFigures(facts)}
<h2>Versions</h2>
${versionList(facts)}
${past.length === 0 ? '' : `<h2>Past incidents</h2>\n${past.map((incident) => incidentBox(incident, now)).join('\n')}`}
<footer><a href="/docs/">API reference</a> · <a href="/metrics">metrics</a> · as of ${timeOf(at)}, renewed every 10 s</footer>
</main>
</body>
</html>
`;
}

type Phase = 'planned' | 'now' | 'past';

function phaseOf({ started_at, resolved_at }: ShownIncident, now: number): Phase {
  if (resolved_at !== null && Date.parse(resolved_at) <= now) return 'past';
  return Date.parse(started_at) > now ? 'planned' : 'now';
}

type Tone = 'good' | 'warn' | 'bad';

function verdictOf({ status, checks }: StatusFacts, underWay: ShownIncident[]): { text: string; tone: Tone } {
  if (status !== 'ready') {
    const failing = Object.entries(checks).filter(([, { ok }]) => !ok);
    return { text: `Not ready: ${failing.map(([name]) => name).join(', ')}.`, tone: 'bad' };
  }
  const impacts = underWay.map(({ impact }) => impact);
  if (impacts.includes('outage')) return { text: 'There is an outage: see below.', tone: 'bad' };
  if (impacts.includes('degraded')) return { text: 'Working, with trouble: see below.', tone: 'warn' };
  if (impacts.includes('maintenance')) return { text: 'Under maintenance: see below.', tone: 'warn' };
  return { text: 'Ready for work.', tone: 'good' };
}

const impactTone: Record<ShownIncident['impact'], Tone> = {
  maintenance: 'warn',
  degraded: 'warn',
  outage: 'bad',
};

function incidentBox(incident: ShownIncident, now: number): string {
  const { title, impact, started_at, resolved_at, updates } = incident;
  const span = `${timeOf(started_at)}${resolved_at === null ? '' : ` to ${timeOf(resolved_at)}`}`;
  const when = { planned: `planned for ${span}`, now: `since ${timeOf(started_at)}`, past: span };
  const said = updates.toReversed().map(({ at, text }) => `<li>${timeOf(at)}<p>${escapeHtml(text)}</p></li>`);
  return `<section class="incident ${impactTone[impact]}"><h3>${escapeHtml(title)}</h3><p><b>${impact}</b>, ${when[phaseOf(incident, now)]}</p>${
    said.length === 0 ? '' : `<ul>${said.join('')}</ul>`
  }</section>`;
}

function partsTable({ checks }: StatusFacts): string {
  const rows = Object.entries(checks).map(
    ([name, { ok, detail, milliseconds }]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td class="${ok ? 'good' : 'bad'}">${ok ? '✓ works' : '✗ fails'}</td><td>${escapeHtml(detail ?? `${milliseconds} ms`)}</td></tr>`,
  );
  return `<table>${rows.join('')}</table>`;
}

function lastHour({ last_hour: hour, queue }: StatusFacts): string {
  const waiting = queue
    ? figure(
        'in the queue',
        `${queue.length}`,
        queue.length === 0 ? '' : `the oldest for ${seconds(queue.oldest_age_seconds)}`,
      )
    : figure('in the queue', '–', 'the queue does not answer');
  if (hour === null)
    return `${figures([waiting])}<p class="note">The database does not answer; jobs cannot be counted now.</p>`;
  const { success_ratio: ratio, completed, failed, refused, canceled, making, waiting: waited } = hour;
  const others = Object.entries({ failed, refused, canceled })
    .flatMap(([name, count]) => (count === 0 ? [] : `${count} ${name}`))
    .join(', ');
  return figures([
    figure('succeeded', ratio === null ? '–' : percent(ratio), ratio === null ? 'no video was made' : ''),
    figure('videos made', `${completed}`, others),
    figure('to make one', making ? seconds(making.median_seconds) : '–', making ? most(making) : ''),
    figure('until it began', waited ? seconds(waited.median_seconds) : '–', waited ? most(waited) : ''),
    waiting,
  ]);
}

function jobCounts({ jobs }: StatusFacts): string {
  if (jobs === null) return '<p class="note">The database does not answer; jobs cannot be counted now.</p>';
  return figures(Object.entries(jobs).map(([name, count]) => figure(name.replaceAll('_', ' '), `${count}`)));
}

function requestFigures({
  requests: { since, answered, server_errors, median_ms, p99_ms },
}: StatusFacts): string {
  const errors = answered === 0 ? '–' : percent(server_errors / answered);
  const ms = (value: number | null) =>
    value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  return `${figures([
    figure('answered', `${answered}`),
    figure('server errors', errors, `${server_errors} of ${answered}`),
    figure('median', ms(median_ms)),
    figure('99 of 100 within', ms(p99_ms)),
  ])}<p class="note">Since ${timeOf(since)}.</p>`;
}

function versionList({ version, versions: { node, schema, postgresql }, started_at }: StatusFacts): string {
  const known = [
    `AIPROD ${version}`,
    `schema ${schema ?? 'unknown'}`,
    `PostgreSQL ${postgresql ?? 'unknown'}`,
    `Node ${node}`,
  ];
  return `<p>${escapeHtml(known.join(' · '))}; this process started ${timeOf(started_at)}.</p>`;
}

function figures(all: string[]): string {
  return `<dl>${all.join('')}</dl>`;
}

function figure(name: string, value: string, note = ''): string {
  const small = note === '' ? '' : `<dd class="small">${escapeHtml(note)}</dd>`;
  return `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>${small}</div>`;
}

const most = ({ p95_seconds }: { p95_seconds: number }) =>
  `19 of 20 within ${seconds(Math.max(0.1, p95_seconds))}`;

function seconds(value: number): string {
  if (value < 0.1) return '< 0.1 s';
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 120) return `${Math.round(value)} s`;
  return value < 7_200 ? `${Math.round(value / 60)} min` : `${Math.round(value / 3_600)} h`;
}

/** Never rounded up to all. */
function percent(ratio: number): string {
  const value = ratio === 1 || ratio === 0 ? ratio * 100 : Math.floor(ratio * 1000) / 10;
  return `${value} %`;
}

function timeOf(iso: string): string {
  return `<time datetime="${escapeHtml(iso)}">${escapeHtml(iso.replace('T', ' ').slice(0, 16))} UTC</time>`;
}

const style = `
:root{color-scheme:light dark;--good:#137a3f;--warn:#8a5a00;--bad:#b3261e;--line:#8884}
@media (prefers-color-scheme:dark){:root{--good:#5fd392;--warn:#f2b84b;--bad:#ff8a80}}
body{font:16px/1.5 system-ui,sans-serif;margin:0}
main{max-width:46rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.6rem;margin:0}h1 small{font-size:.9rem;font-weight:400;opacity:.7}
h2{font-size:1rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0}
.verdict{font-size:1.15rem;font-weight:600}.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.note{opacity:.75;font-size:.85rem;margin:.5rem 0 0}
.incident{color:inherit;border:1px solid var(--line);border-left:.3rem solid var(--warn);border-radius:.5rem;padding:.7rem 1rem;margin:.75rem 0}
.incident.bad{border-left-color:var(--bad)}.incident p{margin:.1rem 0;white-space:pre-line;overflow-wrap:anywhere}
.incident ul{margin:.6rem 0 0;padding:0;list-style:none;font-size:.9rem}.incident li{margin:.4rem 0}.incident time{opacity:.75}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);font-weight:400}
th{font-weight:600}td:last-child{opacity:.75}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.75rem;margin:0}
dl div{border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}
dt{font-size:.85rem;opacity:.75}dd{margin:0;font-size:1.5rem;font-variant-numeric:tabular-nums}dd.small{font-size:.8rem;opacity:.75}
footer{margin-top:2.5rem;font-size:.85rem;opacity:.75}`;

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
