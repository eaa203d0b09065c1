// The alerts for Cloud Monitoring pass the unit tests of those that they were written out from, without any recorded name.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';

const deploy = resolve(import.meta.dirname, '../../deploy');

test('every alert fires and keeps quiet as that of Prometheus does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-alerts-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(join(deploy, 'google-cloud/alert-rules.yaml'), join(folder, 'alert-rules.yaml'));
  const text = await readFile(join(deploy, 'prometheus/rules.test.yaml'), 'utf8');
  const { tests, ...rest } = parse(text) as {
    tests: { alert_rule_test?: { alertname: string }[]; promql_expr_test?: unknown }[];
  };
  const ofAlerts = tests
    .filter(({ alert_rule_test }) => alert_rule_test !== undefined)
    .map(({ promql_expr_test: _, ...each }) => each);
  expect(
    new Set(ofAlerts.flatMap((each) => each.alert_rule_test!.map(({ alertname }) => alertname))).size,
  ).toBe(10);
  const own = { ...rest, rule_files: ['alert-rules.yaml'], tests: ofAlerts };
  await writeFile(join(folder, 'own.test.yaml'), stringify(own));
  const { stdout } = await promisify(execFile)('promtool', ['test', 'rules', 'own.test.yaml'], {
    cwd: folder,
  });
  expect(stdout).toContain('SUCCESS');
});
