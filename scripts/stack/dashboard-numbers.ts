// What the dashboard shows, in words: its panels are asked as Grafana asks them, of a running Prometheus.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { PrometheusProcess, Sample } from '../../test/support/prometheus-process.ts';

const file = resolve(import.meta.dirname, '../../deploy/grafana/dashboards/aiprod.json');

interface Panel {
  type: string;
  title: string;
  fieldConfig?: { defaults?: { unit?: string } };
  targets?: { expr: string; legendFormat?: string; instant?: boolean }[];
}

/** Title, what is shown of it, its value now and its highest since `from` (seconds since 1970), both with their unit. */
export type DashboardRow = [title: string, legend: string, last: string, highest: string];

/** A row of the dashboard begins with its title alone. What has no value yet is said to have none. */
export async function readDashboard(
  prometheus: Pick<PrometheusProcess, 'now' | 'since'>,
  from: number,
  everySeconds: number,
): Promise<DashboardRow[]> {
  const { panels } = JSON.parse(await readFile(file, 'utf8')) as { panels: Panel[] };
  const rows: DashboardRow[] = [];
  for (const { type, title, fieldConfig, targets = [] } of panels) {
    if (type === 'row') {
      rows.push([title.toUpperCase(), '', '', '']);
      continue;
    }
    const unit = fieldConfig?.defaults?.unit ?? '';
    for (const { expr, legendFormat = '', instant = false } of targets) {
      const expression = expr.replaceAll('$__rate_interval', `${4 * everySeconds}s`);
      const last = byLegend(await prometheus.now(expression), legendFormat);
      const all = instant ? last : byLegend(await prometheus.since(from, expression), legendFormat);
      if (all.size === 0) rows.push([title, legendFormat.includes('{') ? '' : legendFormat, nothing, '']);
      for (const [legend, values] of all) {
        const newest = last.get(legend)?.at(-1);
        const highest = instant ? '' : withUnit(Math.max(...values), unit);
        rows.push([title, legend, newest === undefined ? nothing : withUnit(newest, unit), highest]);
      }
    }
  }
  return rows;
}

const nothing = '–';

/** Legend → values, oldest first. */
function byLegend(samples: Sample[], legendFormat: string): Map<string, number[]> {
  const series = new Map<string, number[]>();
  for (const { labels, value } of samples) {
    if (Number.isNaN(value)) continue;
    const legend = legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '');
    series.set(legend, [...(series.get(legend) ?? []), value]);
  }
  return series;
}

/** As Grafana's units are called; a suffix is written as it is. */
export function withUnit(value: number, unit: string): string {
  const suffix = /^suffix: ?(.+)$/.exec(unit)?.[1];
  const short = (number: number) =>
    Number(number.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 3 });
  if (suffix !== undefined) return `${short(value)} ${suffix}`;
  if (unit === 'percent') return `${short(value)} %`;
  if (unit === 'percentunit') return `${short(100 * value)} %`;
  if (unit === 'bytes') return `${short(value / 2 ** 20)} MiB`;
  if (unit === 'currencyUSD') return `$${short(value)}`;
  return unit === 'short' || unit === '' ? short(value) : `${short(value)} ${unit}`;
}
