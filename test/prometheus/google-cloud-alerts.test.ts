// The alerts for Cloud Monitoring pass the unit tests of those that they were written out from, without any recorded name.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';

const deploy = resolve(import.meta.dirname, '../../deploy');

interface AlertTest {
  alertname: string;
  exp_alerts?: { exp_annotations: { runbook_url: string } }[];
}

/** Cloud Monitoring shows one annotation only. */
function describedForGcloud({ exp_alerts: alerts = [], ...rest }: AlertTest) {
  const described = alerts.map((alert) => ({
    ...alert,
    exp_annotations: { description: `What to do: ${alert.exp_annotations.runbook_url}` },
  }));
  return { ...rest, exp_alerts: described };
}

test('every alert fires and keeps quiet as that of Prometheus does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-alerts-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const rules = await readFile(join(deploy, 'google-cloud/alert-rules.yaml'), 'utf8');
  await writeFile(join(folder, 'alert-rules.yaml'), rules.replaceAll(/\$\{documents_url\}/g, ''));
  const text = await readFile(join(deploy, 'prometheus/rules.test.yaml'), 'utf8');
  const { tests, ...rest } = parse(text) as {
    tests: { alert_rule_test?: AlertTest[]; promql_expr_test?: unknown }[];
  };
  const ofAlerts = tests
    .filter(({ alert_rule_test }) => alert_rule_test !== undefined)
    .map(({ promql_expr_test: _, ...each }) => ({
      ...each,
      alert_rule_test: each.alert_rule_test!.map(describedForGcloud),
    }));
  expect(
    new Set(ofAlerts.flatMap((each) => each.alert_rule_test.map(({ alertname }) => alertname))).size,
  ).toBe(10);
  const own = { ...rest, rule_files: ['alert-rules.yaml'], tests: ofAlerts };
  await writeFile(join(folder, 'own.test.yaml'), stringify(own));
  const { stdout } = await promisify(execFile)('promtool', ['test', 'rules', 'own.test.yaml'], {
    cwd: folder,
  });
  expect(stdout).toContain('SUCCESS');
});
