// aiprod doctor: checks this machine for everything that making videos takes, and with --production every service that the
// configuration names, and says what to do about what is missing.
import { execFile } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import { promisify } from 'node:util';
import { findRunningServer } from '../../compose/running-server.ts';
import { type Config, readConfig } from '../../config/config.ts';
import { AppError } from '../../domain/errors.ts';
import { type ExitCode, exitCodes, refuseArguments } from '../exit-codes.ts';
import { checkProduction } from './doctor-production.ts';
import { type Finding, toJson, toText } from './findings.ts';

export const doctorOptions = { production: { type: 'boolean' }, json: { type: 'boolean' } } as const;

interface DoctorValues {
  production?: boolean;
  json?: boolean;
}

const gigabyte = 1024 ** 3;

export async function doctor(args: string[], { production, json }: DoctorValues): Promise<ExitCode> {
  refuseArguments('doctor', args);
  const config = readConfig();
  const findings = await Promise.all([
    checkNode(),
    checkMemory(),
    checkDataFolder(config),
    checkPort(config),
    checkNative('node-av', 'FFmpeg libraries', "process.stdout.write('FFmpeg ' + m.ffmpegVersion())"),
    checkNative(
      '@napi-rs/canvas',
      'Painting library',
      "m.createCanvas(8, 8).getContext('2d').fillRect(0, 0, 1, 1); process.stdout.write('paints')",
    ),
    ...(production ? [] : [checkDatabase(config)]),
    ...(existsSync(config.incidentFile) ? [checkIncidents(config)] : []),
    ...(config.voiceModels === undefined ? [] : [checkVoices(config), checkVoiceLibrary()]),
  ]);
  if (production) findings.push(...(await checkProduction(config)));
  process.stdout.write(json ? toJson(findings) : toText(findings, production ? 'words' : 'marks'));
  return findings.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.machine;
}

async function checkNode(): Promise<Finding> {
  const ok = Number(process.versions.node.split('.')[0]) >= 24;
  const detail = `${process.version} on ${process.platform}-${process.arch}, ${os.availableParallelism()} cores`;
  return { name: 'Node', ok, detail, advice: 'Start through bin/aiprod.mjs, which brings its own Node 24.' };
}

async function checkMemory(): Promise<Finding> {
  const total = os.totalmem() / gigabyte;
  return {
    name: 'Memory',
    ok: total >= 1.9,
    detail: `${total.toFixed(1)} GB`,
    advice: 'Rendering 1080p takes about 1 GB; use --resolution 720p and AIPROD_MEDIA_PROCESSES=1.',
  };
}

async function checkDataFolder({ dataFolder }: Config): Promise<Finding> {
  const name = 'Data folder';
  try {
    await mkdir(dataFolder, { recursive: true });
    await access(dataFolder, constants.W_OK);
    const { bavail, bsize } = await statfs(dataFolder);
    const free = (bavail * bsize) / gigabyte;
    const detail = `${dataFolder}, ${free.toFixed(1)} GB free`;
    return {
      name,
      ok: free >= 2,
      detail,
      advice: 'Free some room, or set AIPROD_DATA to a folder on another disk.',
    };
  } catch (error) {
    const detail = `${dataFolder} cannot be written (${(error as NodeJS.ErrnoException).code})`;
    return { name, ok: false, detail, advice: 'Set AIPROD_DATA to a folder that you may write to.' };
  }
}

async function checkPort({ host, port, dataFolder }: Config): Promise<Finding> {
  const running = await findRunningServer(dataFolder);
  if (running !== undefined) return { name: 'Port', ok: true, detail: `AIPROD already serves at ${running}` };
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<Finding>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    resolve({
      name: 'Port',
      ok: false,
      detail: `${host}:${port} is not free (${error.code})`,
      advice: 'Set AIPROD_PORT to another port; 0 takes any free one.',
    });
  });
  server.listen(port, host, () =>
    server.close(() => resolve({ name: 'Port', ok: true, detail: `${host}:${port} is free` })),
  );
  return promise;
}

/** Loads a native package in a process of its own: a crash there is a finding, not the doctor's end. */
async function checkNative(module: string, name: string, use: string): Promise<Finding> {
  try {
    const code = `import('${module}').then((m) => { ${use} })`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], { timeout: 30_000 });
    return { name, ok: true, detail: stdout.trim() };
  } catch (error) {
    const detail = `${module} does not load: ${(error as Error).message.split('\n')[1] ?? 'no reason given'}`;
    return {
      name,
      ok: false,
      detail,
      advice: 'Run npm ci again. Linux needs glibc 2.28 or newer (Alpine will not do).',
    };
  }
}

async function checkVoices(config: Config): Promise<Finding> {
  const name = 'Neural voices';
  try {
    const { describeVoices } = await import('../../compose/describe-machine.ts');
    const { models, broken } = await describeVoices(config);
    const usable = models.map(({ voice, language, kind }) => `${voice} (${language}, ${kind})`);
    const faults = broken.map(({ folder, fault }) => `${folder}: ${fault}`);
    return {
      name,
      ok: broken.length === 0 && models.length > 0,
      detail: [...usable, ...faults].join('; ') || `${config.voiceModels} holds none`,
      advice: 'docs/voices.md says what a voice folder holds.',
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      name,
      ok: false,
      detail: error.publicMessage,
      advice: error.hint ?? 'Unset AIPROD_VOICE_MODELS.',
    };
  }
}

function checkVoiceLibrary(): Promise<Finding> {
  return checkNative('sherpa-onnx-node', 'Neural speech library', "process.stdout.write('loads')");
}

/** A file with a mistake in it would be found by users first. */
async function checkIncidents(config: Config): Promise<Finding> {
  const name = 'Incidents';
  try {
    const { describeIncidents } = await import('../../compose/describe-machine.ts');
    return { name, ok: true, detail: await describeIncidents(config) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { name, ok: false, detail: error.publicMessage, advice: error.hint ?? 'Correct it.' };
  }
}

async function checkDatabase(config: Config): Promise<Finding> {
  const name = 'Database';
  const running = config.database.url === undefined ? await findRunningServer(config.dataFolder) : undefined;
  if (running !== undefined)
    return { name, ok: true, detail: `embedded, in use by the server at ${running}` };
  try {
    const { describeDatabase } = await import('../../compose/describe-machine.ts');
    return { name, ok: true, detail: await describeDatabase(config) };
  } catch (error) {
    const known = error instanceof AppError ? error : undefined;
    const detail = known?.publicMessage ?? (error as Error).message;
    return {
      name,
      ok: false,
      detail,
      advice: known?.hint ?? 'Check DATABASE_URL and that the server is running.',
    };
  }
}
