// Asks Prometheus' own tool about what is shipped: whether it is valid, and whether it does what its unit tests say.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';

const shipped = resolve(import.meta.dirname, '../../deploy/prometheus');

/** Runs it in `folder`. Throws with what it printed when it finds a fault. */
async function promtool(args: string[], folder = shipped): Promise<string> {
  const { stdout } = await promisify(execFile)('promtool', args, { cwd: folder });
  return stdout;
}

/** A copy of what is shipped, to be changed; removed after the test. */
async function copyOfShipped(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-rules-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(shipped, folder, { recursive: true });
  return folder;
}

test('the configuration and the rules are valid', async () => {
  await promtool(['check', 'rules', '--lint=all', '--lint-fatal', 'recording-rules.yaml', 'alerts.yaml']);
  await promtool(['check', 'config', '--syntax-only', 'prometheus.yaml']);
});

test('the unit tests of the rules pass', async () => {
  expect(await promtool(['test', 'rules', 'rules.test.yaml'])).toContain('SUCCESS');
});

/** Leaves out of a copy what looks at windows of days and takes long, for it has no simple threshold. */
async function leaveSlowPartsOut(folder: string): Promise<void> {
  for (const [file, list] of [
    ['recording-rules.yaml', 'groups'],
    ['alerts.yaml', 'groups'],
    ['rules.test.yaml', 'tests'],
  ] as const) {
    const content = parse(await readFile(join(folder, file), 'utf8')) as Record<string, { name: string }[]>;
    const quick = content[list]!.filter(({ name }) => !/\bslo$|^SloBurn/.test(name));
    await writeFile(join(folder, file), stringify({ ...content, [list]: quick }));
  }
}

test('the unit tests notice when a threshold is doubled or halved', async () => {
  const folder = await copyOfShipped();
  await leaveSlowPartsOut(folder);
  const alerts = await readFile(join(folder, 'alerts.yaml'), 'utf8');
  await promtool(['test', 'rules', 'rules.test.yaml'], folder);
  const thresholds = [...alerts.matchAll(/(?<=expr: (?!slo)\w+ > )[1-9][\d.]*|(?<=expr: \w+ > )0\.\d+/g)];
  expect(thresholds.length).toBeGreaterThanOrEqual(6);
  for (const { 0: threshold, index } of thresholds) {
    for (const factor of [2, 0.5]) {
      const changed = `${alerts.slice(0, index)}${Number(threshold) * factor}${alerts.slice(index + threshold.length)}`;
      await writeFile(join(folder, 'alerts.yaml'), changed);
      const line = changed
        .slice(index - 40)
        .split('\n', 2)
        .join(' ');
      await expect(promtool(['test', 'rules', 'rules.test.yaml'], folder), line).rejects.toThrow('FAILED');
    }
  }
});
