// Holds the rules and alerts that are shipped to the metrics that are exported, to the contract, and to the runbook. Whether
// they do what they say is tested with Prometheus itself, in test/prometheus/.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { noUsersRequests, uploads } from '../src/api/request-metrics.ts';
import { exportedNames, recordedNames } from './support/known-metrics.ts';
import { metricNames } from './support/promql-names.ts';

const root = resolve(import.meta.dirname, '..');
const read = (file: string) => readFile(join(root, file), 'utf8');

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

async function rulesOf(file: string): Promise<Rule[]> {
  const { groups } = parse(await read(`deploy/prometheus/${file}`)) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

const recordings = await rulesOf('recording-rules.yaml');
const alerts = await rulesOf('alerts.yaml');
const exported = await exportedNames();
const recorded = await recordedNames();

test('rules name only what is exported or recorded', () => {
  const known = new Set([...exported, ...recorded, 'up']);
  for (const { alert, record, expr } of [...recordings, ...alerts]) {
    const names = metricNames(expr);
    expect(names.length, alert ?? record).toBeGreaterThan(0);
    expect(
      names.filter((name) => !known.has(name)),
      `what ${alert ?? record} names and nobody exports`,
    ).toEqual([]);
  }
});

/** Rows of the document's table under this heading: the texts in backticks of each cell. */
async function tableUnder(heading: string): Promise<string[][][]> {
  const text = await read('docs/operations/metrics.md');
  const part = text.slice(text.indexOf(`## ${heading}`)).split('\n## ')[0]!;
  const rows = part.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word!)),
  );
}

test('the document lists exactly what is exported, with its labels, and what is recorded', async () => {
  const listed = (await tableUnder('What is exported')).map(([names, labels]) => [names![0]!, labels]);
  const ours = new Set(
    [...exported]
      .filter((name) => !/^(process|nodejs)_/.test(name))
      .map((name) => name.replace(/_(bucket|sum|count)$/, '')),
  );
  expect(listed.map(([name]) => name).toSorted()).toEqual([...ours].toSorted());
  const source = await read('src/adapters/observe/metrics.ts');
  for (const [name, labels] of listed) {
    const made = source.slice(source.indexOf(`name: '${name}'`)).split('registers')[0]!;
    const [, inCode = ''] = /labelNames: \[([^\]]*)\]/.exec(made) ?? [];
    expect(labels, `labels of ${name}`).toEqual([...inCode.matchAll(/'(\w+)'/g)].map(([, label]) => label));
  }
  const recordedThere = (await tableUnder('What is recorded')).flatMap(([names]) => names!);
  expect(recordedThere).toEqual(recorded);
});

test('what every process reads alike is never summed', async () => {
  const text = await read('docs/operations/metrics.md');
  const alike = [...text.matchAll(/^\| `(\w+)` \|[^|]*\| max \|/gm)].map(([, name]) => name!);
  expect(alike).toEqual(['jobs', 'task_queue_length', 'task_queue_oldest_age_seconds', 'dead_letters']);
  for (const { alert, record, expr } of [...recordings, ...alerts]) {
    for (const name of metricNames(expr).filter((each) => alike.includes(each)))
      expect(expr, `${alert ?? record} takes ${name} once`).toMatch(
        new RegExp(`^max (by \\(\\w+\\) )?\\(${name}\\)$|^max\\(${name}\\)$`),
      );
  }
});

test('what is recorded has a name of its own', () => {
  expect(new Set(recorded).size).toBe(recorded.length);
  expect(recorded.filter((name) => exported.has(name))).toEqual([]);
});

test('labels in rules are those of the metrics', async () => {
  const labels = new Set(['endpoint', 'method', 'status', 'outcome', 'provider', 'le', 'job']);
  for (const { expr } of [...recordings, ...alerts]) {
    const inSelectors = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) =>
      [...list!.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label!),
    );
    const inLists = [...expr.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/));
    expect([...inSelectors, ...inLists].filter((label) => !labels.has(label))).toEqual([]);
  }
});

test('the names of the contract are recorded, and its alerts have its thresholds', () => {
  expect(recorded).toEqual(
    expect.arrayContaining([
      'api_latency_p99',
      'error_rate_percent',
      'memory_usage_bytes',
      'cpu_usage_percent',
      'job_success_ratio',
    ]),
  );
  const said = alerts.map((rule) => [rule.alert, rule.expr, rule.for].filter((part) => part !== undefined));
  expect(said).toEqual(
    expect.arrayContaining([
      ['ErrorRateHigh', 'error_rate_percent > 5', '5m'],
      ['LatencyHigh', 'api_latency_p99 > 2000', '5m'],
      ['QueueLengthHigh', 'queue_length > 100', '10m'],
      ['MemoryUsageHigh', 'memory_usage_percent > 85', '10m'],
      ['ServiceDown', expect.stringContaining('up{'), '2m'],
      ['SloBurnFast', 'slo_error_ratio_1h > 14.4 * 0.005 and slo_error_ratio_5m > 14.4 * 0.005'],
      ['SloBurnFast', 'slo_error_ratio_6h > 6 * 0.005 and slo_error_ratio_30m > 6 * 0.005'],
      ['SloBurnSlow', 'slo_error_ratio_1d > 3 * 0.005 and slo_error_ratio_2h > 3 * 0.005'],
      ['SloBurnSlow', 'slo_error_ratio_3d > 1 * 0.005 and slo_error_ratio_6h > 1 * 0.005'],
      ['DeadLettersPresent', expect.any(String), expect.any(String)],
      ['QueueStalled', expect.any(String), expect.any(String)],
      ['ProviderFailing', expect.any(String), expect.any(String)],
    ]),
  );
});

test('requests that are no users’ are told apart in the same way everywhere, as on the status page', () => {
  const leftOut = (metric: string) =>
    recordings
      .flatMap(({ expr }) => [...expr.matchAll(new RegExp(`${metric}\\{endpoint!~"([^"]*)"`, 'g'))])
      .map(([, endpoints]) => endpoints);
  const counted = leftOut('http_requests_total');
  expect(counted.length).toBeGreaterThan(10);
  expect([...new Set(counted)]).toEqual([noUsersRequests.join('|')]);
  expect(leftOut('http_request_duration_seconds_bucket')).toEqual([
    [...noUsersRequests, ...uploads].join('|'),
  ]);
});

test('every alert links its section of the runbook, and every section is of an alert', async () => {
  const names = new Set(alerts.map(({ alert }) => alert!));
  const headings = [...(await read('docs/operations/runbook.md')).matchAll(/^## (.+)$/gm)].map(
    ([, name]) => name!,
  );
  for (const { alert, annotations, labels } of alerts) {
    expect(headings, `the runbook has a section ${alert}`).toContain(alert);
    expect(annotations.runbook_url).toBe(`docs/operations/runbook.md#${alert!.toLowerCase()}`);
    expect(labels.severity).toMatch(/^(page|ticket)$/);
  }
  expect(headings.filter((heading) => /^[A-Z][a-z]+[A-Z]/.test(heading) && !names.has(heading))).toEqual([]);
});

interface RuleTest {
  name: string;
  alert_rule_test?: { alertname: string; exp_alerts?: { exp_labels: Record<string, string> }[] }[];
}

test('every alert has a case in which it fires and one in which it does not', async () => {
  const { tests } = parse(await read('deploy/prometheus/rules.test.yaml')) as { tests: RuleTest[] };
  const cases = tests.flatMap(({ alert_rule_test: each = [] }) => each);
  for (const { alert, labels } of alerts) {
    const ofAlert = cases.filter(({ alertname }) => alertname === alert);
    const fires = ({ exp_alerts: expected = [] }: (typeof cases)[number]) =>
      expected.some(({ exp_labels: told }) => told.burn === labels.burn);
    expect(ofAlert.some(fires), `${alert} ${labels.burn ?? ''} fires`).toBe(true);
    expect(
      ofAlert.some((one) => !fires(one)),
      `${alert} ${labels.burn ?? ''} is silent`,
    ).toBe(true);
  }
});
