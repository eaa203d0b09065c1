// How many instances and how much money so many videos a day take: arithmetic over what was measured of one video, what
// Google asks, and a few assumptions, each of which stands here with its name. docs/operations/capacity.md shows the tables.
import { listPrices } from '../../src/domain/prices.ts';

/** Of one video: 30 s of 1080p30, the lighthouse example, all made locally. 25 November 2026, 2 cores of an AMD EPYC. */
export const video = {
  seconds: 30,
  /** Of all processes; docs/performance.md. */
  cpuSeconds: 22.7,
  /** On two cores that nobody else uses. */
  wallSeconds: 12.8,
  /** Of PostgreSQL, once its connections have planned what they ask. */
  databaseCpuSeconds: 0.15,
  transactions: 600,
  databaseBytes: 0.25e6,
  /** What users get: video, sound tracks, captions, pictures. */
  fileBytes: 27e6,
  /** What steps made on the way; kept for reuse. */
  stepBytes: 48e6,
  /** The MP4 alone. */
  downloadBytes: 9.5e6,
  /** Objects that are written into the bucket, and requests that read one: the services of deploy/google-cloud, with doubles. */
  objectsWritten: 69,
  objectsRead: 3,
  /** Requests for the data key of its user, whom no process has met within five minutes. */
  userKeyRequests: 5,
} as const;

/** Of the machines in deploy/google-cloud; with the collector of metrics that each instance has. */
export const shapes = {
  worker: { cores: 4, gibibytes: 4, least: 1, most: 20 },
  api: { cores: 1, gibibytes: 2, least: 2 },
  collector: { cores: 0.5, gibibytes: 0.25, secondsBetween: 30 },
  /** Cloud Run bills a minute of a job that takes seconds. */
  sweep: { cores: 1, gibibytes: 0.5, minutesBetween: 5, billedSeconds: 60 },
  database: { gibibytesPerCore: 3.75, leastCores: 2, leastDiskGibibytes: 50 },
  /** A machine of one's own for everything: e2-standard-2 or alike. */
  oneMachine: { cores: 2, usdPerMonth: 60 },
} as const;

export const assumptions = {
  /** Of a day's videos, in its busiest hour. */
  busiestHour: 0.1,
  /** How busy workers may be in that hour, so that nobody waits for long. */
  busyShare: 0.7,
  /** What part of a worker's cores one job keeps busy. Measured on two cores: 0.875; on four nobody has measured it. */
  coresUsed: 0.75,
  /** Days that users' files are kept, and what steps made (AIPROD_KEEP_VIDEOS_DAYS, AIPROD_KEEP_UNUSED_SECONDS). */
  keptDays: 30,
  stepsKeptDays: 7,
  downloads: 2,
  /** How busy the database's cores may be in that hour. */
  databaseBusyShare: 0.5,
  /** Of the database's bytes, in its 30 backups: each keeps what changed, and within 30 days all rows do. */
  backupCopies: 2,
  /** Series that an instance exports. Seen: 959 of a worker; 334 of an API, and 15 more for each route that is asked. */
  series: 1_000,
  /** AIPROD_DATABASE_POOL of each. */
  pool: { worker: 4, api: 8 },
  days: 30,
} as const;

/** USD as Google lists them in November 2026 for its cheapest regions, without taxes, discounts and free allotments. */
const prices = {
  /** A second of one core, and of one GiB, always on. */
  runCoreSecond: 0.000018,
  runGibibyteSecond: 0.000002,
  /** Enterprise, an hour of one core and of one GiB; a stand-by doubles machine and disk. */
  databaseCoreHour: 0.0413,
  databaseGibibyteHour: 0.007,
  /** SSD, one GiB for a month. */
  databaseDiskGibibyteMonth: 0.17,
  /** One GiB for a month. */
  databaseBackupGibibyteMonth: 0.08,
  /** Standard, one GB for a month. */
  storageGigabyteMonth: 0.02,
  /** 1,000 requests of class A (writing) and of class B (reading); deleting is free. */
  storageThousandWrites: 0.005,
  storageThousandReads: 0.0004,
  /** 10,000 cryptographic requests. */
  kmsTenThousand: 0.03,
  /** Managed Service for Prometheus, a million samples. */
  millionSamples: 0.06,
  /** A GB to the internet, of the gigabytes of a month up to this one. */
  downloadGigabyte: [
    { upTo: 1_000, usd: 0.12 },
    { upTo: 10_000, usd: 0.11 },
    { upTo: Number.POSITIVE_INFINITY, usd: 0.08 },
  ],
} as const;

/** What the paid makers take for the same video: 75 words in 7 scenes, each with a picture and half of them with an effect. */
export function paidMakersUsd(): number {
  const microUsd =
    0.45 * listPrices.elevenlabs_speech_per_1000_characters +
    0.5 * listPrices.elevenlabs_music_per_minute +
    4 * (5 / 60) * listPrices.elevenlabs_sound_effects_per_minute +
    7 * listPrices.gemini_picture_1k +
    (2_000 * listPrices.gemini_text_per_million_input_tokens +
      2_000 * listPrices.gemini_text_per_million_output_tokens) /
      1e6;
  return microUsd / 1e6;
}

/** Of one worker of so many cores that makes one video after another. */
export function videosPerHour(cores: number, coresUsed: number): number {
  return (3_600 * cores * coresUsed) / video.cpuSeconds;
}

export interface Plan {
  videosPerDay: number;
  /** In the busiest hour; so are the instances. */
  videosPerHour: number;
  workers: number;
  api: number;
  databaseCores: number;
  connections: number;
  /** While old and new instances run side by side. */
  connectionsRollingOut: number;
  /** With files that are kept as long as assumed. */
  storedGigabytes: number;
  /** Per month. */
  usd: Record<
    'workers' | 'api' | 'sweep' | 'database' | 'storage' | 'requests' | 'metrics' | 'downloads' | 'total',
    number
  >;
  usdPerVideo: number;
  /** Whether one machine of one's own would do. */
  fitsOneMachine: boolean;
}

/** On Google Cloud, as deploy/google-cloud sets it up. */
export function plan(videosPerDay: number): Plan {
  const { busiestHour, busyShare, coresUsed, days } = assumptions;
  const atPeak = videosPerDay * busiestHour;
  const perWorker = videosPerHour(shapes.worker.cores, coresUsed) * busyShare;
  const workers = Math.max(shapes.worker.least, Math.ceil(atPeak / perWorker));
  const api = shapes.api.least;
  const perMonth = videosPerDay * days;

  // Instances come and go with the load: what is paid are the hours that they work, and the least that is always there.
  const workerSeconds = Math.max(
    shapes.worker.least * days * 86_400,
    (perMonth * video.cpuSeconds) / (shapes.worker.cores * coresUsed * busyShare),
  );
  const databaseCores = databaseCoresFor(atPeak);
  const databaseGigabytes = (perMonth * video.databaseBytes) / 1e9;
  const diskGibibytes = Math.max(shapes.database.leastDiskGibibytes, 2 * databaseGigabytes);
  const storedGigabytes =
    (videosPerDay * (video.fileBytes * assumptions.keptDays + video.stepBytes * assumptions.stepsKeptDays)) /
    1e9;
  const apiSeconds = api * days * 86_400;
  const sweeps = (days * 86_400) / (60 * shapes.sweep.minutesBetween);
  const reads = video.objectsRead + assumptions.downloads;
  const samples = ((workerSeconds + apiSeconds) / shapes.collector.secondsBetween) * assumptions.series;
  const usd = {
    workers: workerSeconds * usdPerSecond(shapes.worker, shapes.collector),
    api: apiSeconds * usdPerSecond(shapes.api, shapes.collector),
    sweep: sweeps * shapes.sweep.billedSeconds * usdPerSecond(shapes.sweep),
    database:
      2 *
        (databaseCores *
          (prices.databaseCoreHour + shapes.database.gibibytesPerCore * prices.databaseGibibyteHour) *
          24 *
          days +
          diskGibibytes * prices.databaseDiskGibibyteMonth) +
      assumptions.backupCopies * databaseGigabytes * prices.databaseBackupGibibyteMonth,
    storage: storedGigabytes * prices.storageGigabyteMonth,
    // The bucket has a key of its own in Cloud KMS, which is asked for each object that is written or read.
    requests:
      (perMonth *
        (video.objectsWritten * prices.storageThousandWrites + reads * prices.storageThousandReads)) /
        1_000 +
      (perMonth * (video.objectsWritten + reads + video.userKeyRequests) * prices.kmsTenThousand) / 10_000,
    metrics: (samples * prices.millionSamples) / 1e6,
    downloads: downloadUsd((perMonth * assumptions.downloads * video.downloadBytes) / 1e9),
  };
  const total = Object.values(usd).reduce((sum, part) => sum + part, 0);
  const ofInstances = workers * (assumptions.pool.worker + 3) + api * (assumptions.pool.api + 3);
  return {
    videosPerDay,
    videosPerHour: atPeak,
    workers,
    api,
    databaseCores,
    connections: ofInstances + 10,
    connectionsRollingOut: 2 * ofInstances + 10,
    storedGigabytes,
    usd: { ...usd, total },
    usdPerVideo: total / perMonth,
    fitsOneMachine: atPeak <= oneMachineVideosPerHour() * busyShare,
  };
}

/** One after another, each in the time that was measured. */
export function oneMachineVideosPerHour(): number {
  return 3_600 / video.wallSeconds;
}

/** Of so many gigabytes in a month. */
export function downloadUsd(gigabytes: number): number {
  let [usd, above] = [0, 0];
  for (const { upTo, usd: each } of prices.downloadGigabyte) {
    usd += Math.max(0, Math.min(gigabytes, upTo) - above) * each;
    above = upTo;
  }
  return usd;
}

/** Cloud SQL has one core, or an even number. */
function databaseCoresFor(videosPerHour: number): number {
  const cores = (videosPerHour * video.databaseCpuSeconds) / 3_600 / assumptions.databaseBusyShare;
  return Math.max(shapes.database.leastCores, 2 * Math.ceil(cores / 2));
}

/** Of all containers of an instance. */
function usdPerSecond(...containers: { cores: number; gibibytes: number }[]): number {
  return containers.reduce(
    (sum, { cores, gibibytes }) => sum + cores * prices.runCoreSecond + gibibytes * prices.runGibibyteSecond,
    0,
  );
}
