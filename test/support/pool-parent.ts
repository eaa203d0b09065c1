// Starts a media process and tells its id; a test then kills this one.
import { createMediaPool } from '../../src/media/media-pool.ts';

const pool = createMediaPool({ size: 1, recycleRssBytes: 2 ** 40, idleMs: 60_000 });
const context = { scratch: process.argv[2]!, signal: new AbortController().signal };
await pool.run('makeEffect', { kind: 'click', durationMs: 200, seed: 1 }, context);
process.send?.(pool.pids());
