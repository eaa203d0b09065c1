// The capacity model: its arithmetic, and that it speaks of the machines that are set up and of what was measured.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import {
  assumptions,
  downloadUsd,
  paidMakersUsd,
  plan,
  shapes,
  video,
  videosPerHour,
} from '../bench/capacity/model.ts';
import { planTable, speedTable } from '../bench/capacity/tables.ts';
import { readHcl } from './support/hcl.ts';

const read = (file: string) => readFile(resolve(import.meta.dirname, '..', file), 'utf8');

describe('arithmetic', () => {
  test('a worker makes as many videos as its CPU allows', () => {
    // 3 of 4 cores for 3,600 s, 22.7 s each.
    expect(videosPerHour(4, 0.75)).toBeCloseTo(476, 0);
  });

  test('100,000 videos a day: 10,000 in an hour, of 333 a worker', () => {
    const {
      workers,
      videosPerHour: atPeak,
      databaseCores,
      connections,
      connectionsRollingOut,
    } = plan(100_000);
    expect(atPeak).toBe(10_000);
    expect(workers).toBe(31);
    expect(databaseCores).toBe(2);
    expect(connections).toBe(31 * 7 + 2 * 11 + 10);
    expect(connectionsRollingOut).toBe(2 * (31 * 7 + 2 * 11) + 10);
  });

  test('a few videos pay for what is always there, many for their work', () => {
    expect(plan(10).usd.workers).toBe(plan(1_000).usd.workers);
    expect(plan(100_000).usd.workers / plan(50_000).usd.workers).toBeCloseTo(2, 5);
    expect(plan(10).usdPerVideo).toBeGreaterThan(plan(1_000).usdPerVideo);
    expect(plan(1_000).usdPerVideo).toBeGreaterThan(plan(100_000).usdPerVideo);
    expect(plan(1_000_000).databaseCores).toBe(10);
  });

  test('what is paid by the piece', () => {
    const { usd } = plan(1_000);
    // 30,000 videos of 69 objects at 5 USD a million, 5 reads at 0.4, and 79 requests to KMS at 3.
    expect(usd.requests).toBeCloseTo(0.03 * (69 * 5 + 5 * 0.4 + 79 * 3), 6);
    // Three instances, 1,000 series each, twice a minute.
    expect(usd.metrics).toBeCloseTo(3 * 30 * 1_440 * 2 * 0.001 * 0.06, 6);
    // 8,640 runs of a minute.
    expect(usd.sweep).toBeCloseTo(8_640 * 60 * (0.000018 + 0.000001), 6);
    // 7.5 GB of rows, twice, at 0.08.
    expect(usd.database - plan(1).usd.database).toBeCloseTo(7.4925 * 2 * 0.08, 6);
    expect(downloadUsd(500)).toBeCloseTo(60, 6);
    expect(downloadUsd(57_000)).toBeCloseTo(120 + 990 + 47_000 * 0.08, 6);
  });

  test('one machine does until its busiest hour is full', () => {
    expect(plan(1_900).fitsOneMachine).toBe(true);
    expect(plan(2_000).fitsOneMachine).toBe(false);
  });

  test('parts add up', () => {
    const { usd, usdPerVideo } = plan(1_000);
    const { total, ...parts } = usd;
    expect(Object.values(parts).reduce((sum, part) => sum + part)).toBeCloseTo(total, 6);
    expect(usdPerVideo * 30_000).toBeCloseTo(total, 6);
    expect(paidMakersUsd()).toBeCloseTo(0.045 + 0.3 + 0.04 + 0.4704 + 0.009, 4);
  });
});

test('the machines are those that are set up on Google Cloud', async () => {
  for (const [name, shape] of [
    ['worker', shapes.worker],
    ['api', shapes.api],
  ] as const) {
    const { template } = parse(await read(`deploy/google-cloud/${name}.yaml`)).spec;
    const [service, collector] = template.spec.containers;
    const sizeOf = ({ resources: { limits } }: { resources: { limits: { cpu: string; memory: string } } }) =>
      limits;
    expect(sizeOf(service)).toEqual({ cpu: `${shape.cores}`, memory: `${shape.gibibytes}Gi` });
    expect(sizeOf(collector)).toEqual({
      cpu: `${1_000 * shapes.collector.cores}m`,
      memory: `${1_024 * shapes.collector.gibibytes}Mi`,
    });
    expect(template.metadata.annotations['autoscaling.knative.dev/minScale']).toBe(`${shape.least}`);
    const pool = service.env.find((each: { name: string }) => each.name === 'AIPROD_DATABASE_POOL');
    expect(pool.value).toBe(`${assumptions.pool[name]}`);
    if ('most' in shape) {
      expect(template.metadata.annotations['autoscaling.knative.dev/maxScale']).toBe(`${shape.most}`);
    }
  }
});

test('so are database, sweep and scrapes', async () => {
  const folder = 'deploy/google-cloud';
  const blocks = await Promise.all(
    ['database', 'variables', 'scheduler'].map(async (name) =>
      readHcl(await read(`${folder}/terraform/${name}.tf`)),
    ),
  );
  const attributes = (...labels: string[]) =>
    blocks.flat().find((each) => each.labels.join() === labels.join())!.attributes;
  const instance = blocks.flat().find(({ labels }) => labels[0] === 'google_sql_database_instance')!;
  const { leastCores, gibibytesPerCore, leastDiskGibibytes } = shapes.database;
  expect(attributes('database_tier').default).toBe(
    `"db-custom-${leastCores}-${leastCores * gibibytesPerCore * 1_024}"`,
  );
  expect(instance.blocks.find(({ type }) => type === 'settings')!.attributes).toMatchObject({
    availability_type: '"REGIONAL"',
    disk_size: `${leastDiskGibibytes}`,
  });

  const { minutesBetween, cores, gibibytes } = shapes.sweep;
  expect(attributes('google_cloud_scheduler_job', 'sweep').schedule).toBe(`"*/${minutesBetween} * * * *"`);
  const sweep = parse(await read(`${folder}/sweep.yaml`)).spec.template.spec.template.spec.containers[0];
  expect(sweep.resources.limits).toEqual({ cpu: `${cores}`, memory: `${1_024 * gibibytes}Mi` });
  const [endpoint] = parse(await read(`${folder}/run-monitoring.yaml`)).spec.endpoints;
  expect(endpoint.interval).toBe(`${shapes.collector.secondsBetween}s`);
});

test('what a video takes is what was measured', async () => {
  const performance = await read('docs/performance.md');
  expect(performance).toContain(`${video.wallSeconds} s for ${video.seconds} s of video`);
  expect(performance).toContain(`${video.cpuSeconds} s of CPU in all processes`);
  expect(assumptions.coresUsed).toBeLessThan(video.cpuSeconds / video.wallSeconds / 2);
});

test('the page shows the tables of the model', async () => {
  const page = await read('docs/operations/capacity.md');
  expect(page).toContain(planTable());
  expect(page).toContain(speedTable());
});
