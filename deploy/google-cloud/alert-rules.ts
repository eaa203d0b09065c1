// Writes alert-rules.yaml: the alerts of deploy/prometheus with recorded names written out. Cloud Monitoring evaluates alerts
// of Cloud Run's metrics, and records nothing. Run it by itself after the rules have changed; a test holds the file to them.
// Where the documents can be read, `${documents_url}`, is filled in by Terraform or envsubst.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';

interface RuleGroup {
  name: string;
  rules: { record?: string; alert?: string; expr: string; annotations?: { runbook_url: string } }[];
}

const folder = import.meta.dirname;
const header = '# Made by alert-rules.ts from ../prometheus/*.yaml. Do not edit.\n';

/** The text of alert-rules.yaml. */
export function writtenOutAlerts(): string {
  const recorded = recordings();
  const groups = groupsOf('alerts.yaml').map((group) => ({
    ...group,
    rules: group.rules.map((rule) => ({
      ...rule,
      expr: writeOut(rule.expr, recorded),
      // All that gcloud makes of annotations.
      annotations: { description: `What to do: \${documents_url}${rule.annotations!.runbook_url}` },
    })),
  }));
  return header + stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Recorded names, and of what. */
export function recordings(): ReadonlyMap<string, string> {
  const rules = groupsOf('recording-rules.yaml').flatMap((group) => group.rules);
  return new Map(rules.map(({ record, expr }) => [record!, expr]));
}

function groupsOf(file: string): RuleGroup[] {
  return (parse(readFileSync(join(folder, '../prometheus', file), 'utf8')) as { groups: RuleGroup[] }).groups;
}

/** The recorded names of an expression, replaced by what is recorded, which may name others. One line. */
export function writeOut(expression: string, recorded: ReadonlyMap<string, string>): string {
  const name = new RegExp(`(?<![\\w:."])(${[...recorded.keys()].join('|')})(?![\\w:{("])`, 'g');
  const bare = expression.replaceAll(/\s*\n\s*/g, ' ').trim();
  return bare.replaceAll(name, (found) => `(${writeOut(recorded.get(found)!, recorded)})`);
}

if (import.meta.main) writeFileSync(join(folder, 'alert-rules.yaml'), writtenOutAlerts());
