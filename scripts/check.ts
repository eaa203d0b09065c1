// Everything that CI checks besides the tests: types, lint, import rules, unused code, licences, known holes.
import { spawnSync } from 'node:child_process';

import { checkLicences } from './check-licences.ts';

interface Outcome {
  passed: boolean;
  /** Said even when it passed: what could not be checked here. */
  remark?: string;
}

const node = (script: string, ...args: string[]): Outcome => {
  const { status } = spawnSync(process.execPath, [`node_modules/${script}`, ...args], { stdio: 'inherit' });
  return { passed: status === 0 };
};

const checks: Record<string, () => Outcome> = {
  types: () => node('typescript/bin/tsc'),
  lint: () => node('@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--colors=off'),
  'import rules': () => node('.bin/depcruise', 'src', '--config', '.dependency-cruiser.mjs'),
  'unused code': () => node('knip/bin/knip.js'),
  licences: () => {
    const faults = checkLicences();
    for (const fault of faults) console.error(fault);
    return { passed: faults.length === 0 };
  },
  'known holes': audit,
};

/** Fails on high and critical findings; says so where the registry does not answer audits. */
function audit(): Outcome {
  const { stdout } = spawnSync('npm', ['audit', '--audit-level=high', '--json'], { encoding: 'utf8' });
  const report = JSON.parse(stdout || '{}') as { metadata?: { vulnerabilities: Record<string, number> } };
  if (report.metadata === undefined)
    return { passed: true, remark: 'NOT CHECKED: the registry answers no audits' };
  const { high = 0, critical = 0 } = report.metadata.vulnerabilities;
  if (high + critical > 0) console.error(stdout);
  return { passed: high + critical === 0 };
}

const wanted = process.argv.slice(2);
let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { passed, remark } = check();
  console.log(`${passed ? '✓' : '✗'} ${name}${remark === undefined ? '' : ` (${remark})`}`);
  if (!passed) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
