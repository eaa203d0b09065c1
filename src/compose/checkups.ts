// Everything that production needs by this configuration, each as one checkup: for `aiprod doctor --production`. Adapters
// are loaded only where the configuration names them.

import type { Config } from '../config/config.ts';
import type { Checkup } from '../ports/checkup.ts';
import { clientOf } from './choose-makers.ts';

const noMetrics = { providerUsed() {}, providerCalled() {} };

/** Nothing is asked yet. What the configuration does not use is left out. */
export async function productionCheckups(config: Config): Promise<Checkup[]> {
  const groups = await Promise.all([
    databaseCheckups(config),
    bucketCheckups(config),
    queueCheckups(config),
    keyCheckups(config),
    providerCheckups(config),
  ]);
  return groups.flat();
}

async function databaseCheckups({ database, queue, roles }: Config): Promise<Checkup[]> {
  const { url, caFile, replicaUrl, pool } = database;
  if (url === undefined) return [];
  const { createDatabaseCheckups } = await import('../adapters/postgres/checkups.ts');
  const withQueue = queue.kind === 'postgres';
  // As docs/operations/postgresql.md counts: the pool, the queue's, the listeners of events and of destroyed keys, migrations at the start.
  const perProcess = pool + (withQueue ? 5 : 0) + (roles.api ? 1 : 0) + 2;
  return createDatabaseCheckups({ url, caFile, replicaUrl, perProcess, withQueue });
}

async function bucketCheckups({ blobs, sealing, roles }: Config): Promise<Checkup[]> {
  if (blobs.kind === 'disk') return [];
  const { createBucketCheckup } = await import('../adapters/gcs/checkup.ts');
  const limits = { retries: { most: 1, longestWaitSeconds: 1 }, deadlineMs: 10_000 };
  return [
    createBucketCheckup({ ...blobs, ...limits, sign: roles.api && blobs.hasCredentials && !sealing.blobs }),
  ];
}

async function queueCheckups({ queue, roles }: Config): Promise<Checkup[]> {
  if (queue.kind === 'postgres') return [];
  const { createPubsubCheckups } = await import('../adapters/pubsub/checkups.ts');
  return createPubsubCheckups({ ...queue, consumes: roles.worker });
}

async function keyCheckups({ sealing: { kms } }: Config): Promise<Checkup[]> {
  if (kms?.key === undefined) return [];
  const { createKmsCheckup } = await import('../adapters/kms/checkup.ts');
  return [createKmsCheckup({ key: kms.key, endpoint: kms.endpoint })];
}

/** Of providers that somebody is to be asked, and of those for which there is a key. */
async function providerCheckups({ providers }: Config): Promise<Checkup[]> {
  const { elevenlabs, gemini, suno, freesound } = providers;
  const found: Checkup[] = [];
  if (elevenlabs.apiKey !== undefined) {
    const { createElevenlabsCheckup } = await import('../adapters/elevenlabs/checkup.ts');
    const client = await clientOf('elevenlabs', 1, { metrics: noMetrics });
    found.push(createElevenlabsCheckup({ client, baseUrl: elevenlabs.baseUrl, apiKey: elevenlabs.apiKey }));
  }
  if (gemini.apiKey !== undefined) {
    const { createGeminiCheckup } = await import('../adapters/gemini/checkup.ts');
    const client = await clientOf('gemini', 1, { metrics: noMetrics });
    const models = Object.values(gemini.models).filter((model) => model !== undefined);
    found.push(createGeminiCheckup({ client, baseUrl: gemini.baseUrl, apiKey: gemini.apiKey }, models));
  }
  if (suno.apiKey !== undefined && suno.baseUrl !== undefined) {
    const { createSunoCheckup } = await import('../adapters/suno/checkup.ts');
    const client = await clientOf('suno', 1, { metrics: noMetrics });
    found.push(createSunoCheckup({ client, baseUrl: suno.baseUrl, apiKey: suno.apiKey }));
  }
  if (freesound.apiKey !== undefined) {
    const { createFreesoundCheckup } = await import('../adapters/freesound/checkup.ts');
    const client = await clientOf('freesound', 1, { metrics: noMetrics });
    found.push(createFreesoundCheckup({ client, baseUrl: freesound.baseUrl, apiKey: freesound.apiKey }));
  }
  return found;
}
