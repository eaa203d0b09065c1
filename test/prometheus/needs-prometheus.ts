// Says what is missing, once, instead of every test saying so in its own way.
import { spawnSync } from 'node:child_process';

export default function setup(): void {
  for (const program of ['prometheus', 'promtool']) {
    const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' });
    if (error !== undefined)
      throw new Error(`${program} is not on PATH. Install it: apt-get install prometheus`, { cause: error });
  }
}
