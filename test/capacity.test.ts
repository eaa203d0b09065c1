// The capacity model: its arithmetic, and that it speaks of the machines that are set up and of what was measured.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { assumptions, paidMakersUsd, plan, shapes, video, videosPerHour } from '../bench/capacity/model.ts';
import { planTable, speedTable } from '../bench/capacity/tables.ts';

const read = (file: string) => readFile(resolve(import.meta.dirname, '..', file), 'utf8');

describe('arithmetic', () => {
  test('a worker makes as many videos as its CPU allows', () => {
    // 3 of 4 cores for 3,600 s, 20.3 s each.
    expect(videosPerHour(4, 0.75)).toBeCloseTo(532, 0);
  });

  test('100,000 videos a day: 10,000 in an hour, of 372 a worker', () => {
    const { workers, videosPerHour: atPeak, databaseCores, connections } = plan(100_000);
    expect(atPeak).toBe(10_000);
    expect(workers).toBe(27);
    expect(databaseCores).toBe(2);
    expect(connections).toBe(27 * 7 + 2 * 13 + 10);
  });

  test('a few videos pay for what is always there, many for their work', () => {
    expect(plan(10).usd.workers).toBe(plan(1_000).usd.workers);
    expect(plan(100_000).usd.workers / plan(50_000).usd.workers).toBeCloseTo(2, 5);
    expect(plan(10).usdPerVideo).toBeGreaterThan(plan(1_000).usdPerVideo);
    expect(plan(1_000).usdPerVideo).toBeGreaterThan(plan(100_000).usdPerVideo);
    expect(plan(1_000_000).databaseCores).toBe(10);
  });

  test('one machine does until its busiest hour is full', () => {
    expect(plan(2_100).fitsOneMachine).toBe(true);
    expect(plan(2_200).fitsOneMachine).toBe(false);
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
    if ('most' in shape) {
      expect(template.metadata.annotations['autoscaling.knative.dev/maxScale']).toBe(`${shape.most}`);
    }
  }
});

test('what a video takes is what was measured', async () => {
  const performance = await read('docs/performance.md');
  expect(performance).toContain(`${video.wallSeconds} s for ${video.seconds} s of video`);
  expect(performance).toContain(`${video.cpuSeconds} s of CPU in\nall processes`);
  expect(assumptions.coresUsed).toBeLessThan(video.cpuSeconds / video.wallSeconds / 2);
});

test('the page shows the tables of the model', async () => {
  const page = await read('docs/operations/capacity.md');
  expect(page).toContain(planTable());
  expect(page).toContain(speedTable());
});
