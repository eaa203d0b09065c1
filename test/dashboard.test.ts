// Holds the dashboard to its source, to what is exported and recorded, to the alerts, and to what Grafana is told to load.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { googleDashboardJson } from '../deploy/google-cloud/dashboard.ts';
import { dashboardJson } from '../deploy/grafana/dashboard.ts';
import { exportedNames, recordedNames } from './support/known-metrics.ts';
import { metricNames } from './support/promql-names.ts';

const deploy = resolve(import.meta.dirname, '../deploy');
const read = (file: string) => readFile(join(deploy, file), 'utf8');
const readYaml = async <T>(file: string) => parse(await read(file)) as T;

interface Panel {
  id: number;
  type: string;
  title: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { expr: string; legendFormat?: string }[];
  fieldConfig: { defaults: { thresholds: { steps: { color: string; value: number | null }[] } } };
}
const dashboard = JSON.parse(dashboardJson()) as {
  panels: Panel[];
  annotations: { list: { expr: string }[] };
};
const panels = dashboard.panels.filter(({ type }) => type !== 'row');

interface AlertRules {
  groups: { rules: { alert: string; expr: string }[] }[];
}
const alerts = (await readYaml<AlertRules>('prometheus/alerts.yaml')).groups.flatMap(({ rules }) => rules);

test('the files that Grafana loads are what the sources build (npm run dashboard writes them)', async () => {
  expect(await read('grafana/dashboards/aiprod.json')).toBe(dashboardJson());
  expect(await read('google-cloud/dashboard.json')).toBe(googleDashboardJson());
});

test("Google's dashboard asks for nothing that has to be recorded, and has all panels but that of alerts", async () => {
  const google = (JSON.parse(googleDashboardJson()) as { panels: Panel[] }).panels;
  const known = new Set([...(await exportedNames()), 'up']);
  const asked = google.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricNames(expr)));
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
  const left = new Set(google.map(({ title }) => title));
  expect(dashboard.panels.map(({ title }) => title).filter((title) => !left.has(title))).toEqual([
    'Alerts that fire',
  ]);
});

test("the contract's panels come first, then steps, providers, cost, dead letters and the objective", () => {
  expect(dashboard.panels.slice(0, 9).map(({ title }) => title)).toEqual([
    'Service',
    'Request rate',
    'Error rate',
    'P99 latency',
    'Audio processing time',
    'Queue length',
    'Memory',
    'CPU',
    'Active workers',
  ]);
  const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title);
  expect(rows.slice(1, 6)).toEqual(['Jobs and steps', 'Providers', 'Cost', 'Dead letters', 'Promises (SLO)']);
});

test('panels name only what is exported or recorded', async () => {
  const byPrometheus = ['up', 'ALERTS'];
  const known = new Set([...(await exportedNames()), ...(await recordedNames()), ...byPrometheus]);
  const asked = [
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...dashboard.annotations.list.map(({ expr }) => expr),
  ].flatMap(metricNames);
  expect(new Set(asked).size).toBeGreaterThan(25);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});

test('what the rules record for dashboards is shown', async () => {
  const shown = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricNames(expr))));
  const elsewhere = /^(slo_error_ratio_(5m|30m|2h)|jobs_by_status)$/;
  expect((await recordedNames()).filter((name) => !shown.has(name) && !elsewhere.test(name))).toEqual([]);
});

test('a panel of what an alert watches is red where the alert fires', () => {
  const simple = alerts.flatMap(({ alert, expr }) => {
    const [, name, bound] = /^(\w+) > ([\d.]+)$/.exec(expr) ?? [];
    return name === undefined ? [] : [{ alert, name, bound: Number(bound) }];
  });
  expect(simple.length).toBeGreaterThanOrEqual(5);
  for (const { alert, name, bound } of simple) {
    const watching = panels.filter(({ targets }) => targets[0]!.expr === name);
    expect(watching.length, `${alert} has a panel`).toBeGreaterThan(0);
    for (const { title, description, fieldConfig } of watching.slice(0, 1)) {
      const red = fieldConfig.defaults.thresholds.steps.find(({ color }) => color === 'red')!.value;
      // Nothing lies between 0 and 1 dead letters.
      expect(red, title).toBe(bound === 0 ? 1 : bound);
      expect(description, title).toContain(alert);
    }
  }
});

test('panels speak only of alerts that there are', () => {
  const named = panels.flatMap(
    ({ description }) => description.match(/\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b/g) ?? [],
  );
  expect(named.length).toBeGreaterThan(5);
  const names = alerts.map(({ alert }) => alert);
  expect(named.filter((name) => !names.includes(name))).toEqual([]);
});

test('every panel can be linked, says what it shows, and stands in a place of its own', () => {
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  const taken = new Set<string>();
  for (const { title, type, description, gridPos } of dashboard.panels) {
    if (type !== 'row') expect(description, title).toMatch(/\.$/);
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect(taken.has(`${x}/${y}`), `${title} covers another panel`).toBe(false);
        taken.add(`${x}/${y}`);
      }
    }
  }
});

test('Grafana is told the same scrape interval as Prometheus', async () => {
  const { datasources } = await readYaml<{
    datasources: { type: string; jsonData: { timeInterval: string } }[];
  }>('grafana/provisioning/datasources/prometheus.yaml');
  const { global } = await readYaml<{ global: { scrape_interval: string } }>('prometheus/prometheus.yaml');
  expect(datasources).toMatchObject([
    { type: 'prometheus', jsonData: { timeInterval: global.scrape_interval } },
  ]);
});
