// Holds the documents to the code: links lead somewhere, commands exist, tables list what there is.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';

import packageFile from '../package.json' with { type: 'json' };
import { runCommandLine } from '../src/cli/aiprod.ts';
import { checkDocker } from './support/docker-command.ts';

const root = resolve(import.meta.dirname, '..');
const inDocs = (await readdir(join(root, 'docs'), { recursive: true })).filter((file) =>
  file.endsWith('.md'),
);
const documents = ['README.md', 'CHANGELOG.md', ...inDocs.map((file) => join('docs', file))];
const read = (document: string) => readFile(join(root, document), 'utf8');

describe.each(documents)('%s', (document) => {
  test('every link inside the project leads to a file', async () => {
    const text = await read(document);
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const path = resolve(root, dirname(document), target!);
      expect(path.startsWith(root), `${target} stays inside`).toBe(true);
      await expect(stat(path), `${document} links ${relative(root, path)}`).resolves.toBeDefined();
    }
  });

  test('every command in a shell block exists and has the options that are used', async () => {
    for (const command of shellCommands(await read(document))) {
      const settings = /^([A-Z_]+=\S+\s+)+/;
      const words = command
        .replace(settings, '')
        .replace(/\s+#.*$/, '')
        .split(/\s+/);
      if (words[0] === 'npm') await checkNpm(words.slice(1), command);
      else if (words[0] === 'aiprod') await checkAiprod(words.slice(1), command);
      else if (words[0] === 'docker') {
        const [program, ...args] = await checkDocker(words.slice(1), root);
        if (program === 'aiprod') await checkAiprod(args, command);
      } else expect(words[0], `known how to check: ${command}`).toMatch(/^(curl|gcloud|terraform)$/);
    }
  });
});

const gcloud = await promisify(execFile)('gcloud', ['version']).then(
  () => 'gcloud',
  () => undefined,
);
if (gcloud === undefined) {
  test.skip("NOT RUN: gcloud is not on PATH, so its parser was not asked about the documents' commands");
} else {
  test('every gcloud command is understood by gcloud', { timeout: 180_000 }, async () => {
    const texts = await Promise.all(documents.map(read));
    const all = texts.flatMap(shellCommands).filter((command) => command.startsWith('gcloud '));
    // The same command is judged once.
    const commands = [...new Set(all)];
    expect(commands.length).toBeGreaterThan(5);
    const folder = await mkdtemp(join(tmpdir(), 'aiprod-docs-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'commands.json');
    const quoted = commands.map((command) => command.replaceAll(/(\S*\([^)]*\))/g, "'$1'"));
    await writeFile(file, JSON.stringify(quoted.map((command_string) => ({ command_string }))));
    const env = { PATH: process.env.PATH, HOME: folder, CLOUDSDK_CORE_CHECK_GCE_METADATA: '0' };
    const lint = ['meta', 'lint-gcloud-commands', `--commands-file=${file}`];
    const { stdout } = await promisify(execFile)(gcloud, lint, { env, maxBuffer: 2 ** 26 });
    const verdicts = JSON.parse(stdout) as { success: boolean; error_message: string }[];
    expect(verdicts.filter(({ success }) => !success)).toEqual([]);
    expect(verdicts).toHaveLength(commands.length);
  });
}

test('follow one job names files that exist', async () => {
  const files = [...(await read('docs/follow-one-job.md')).matchAll(/`(src\/[\w/.-]+)`/g)];
  expect(files.length).toBeGreaterThanOrEqual(9);
  for (const [, file] of files) await expect(stat(join(root, file!))).resolves.toBeDefined();
});

test('the table of settings lists exactly the variables that are read', async () => {
  const names = (text: string) =>
    new Set(text.match(/\b(AIPROD_[A-Z_]+|OTEL_[A-Z_]+|DATABASE_URL|[A-Z]+_API_KEY)\b/g));
  const rows = (await read('docs/configuration.md')).split('\n').filter((line) => line.startsWith('| `'));
  // Some rows name two that mean the same.
  const listed = new Set(rows.flatMap((row) => row.split(' | ')[0]!.match(/\w+/g)!));
  const schemaOf = (source: string, from: string, to: string) =>
    source.slice(source.indexOf(from), source.indexOf(to));
  const schemas =
    schemaOf(await read('src/config/config.ts'), 'z.object({', 'export interface Config') +
    schemaOf(
      await read('src/config/providers.ts'),
      'export const providerSchema',
      'type ProviderEnvironment',
    ) +
    schemaOf(
      await read('src/config/elevenlabs.ts'),
      'export const elevenlabsSchema',
      'export interface ElevenlabsConfig',
    ) +
    schemaOf(await read('src/config/gemini.ts'), 'export const geminiSchema', 'export interface') +
    schemaOf(await read('src/config/suno.ts'), 'export const sunoSchema', 'export interface') +
    schemaOf(await read('src/config/freesound.ts'), 'export const freesoundSchema', 'export interface') +
    schemaOf(
      await read('src/config/database.ts'),
      'export const databaseSchema',
      'type DatabaseEnvironment',
    ) +
    schemaOf(await read('src/config/http.ts'), 'export const httpSchema', 'export interface') +
    schemaOf(await read('src/config/observe.ts'), 'export const observeSchema', 'type ObserveEnvironment') +
    schemaOf(await read('src/config/limits.ts'), 'export const limitSchema', 'export interface') +
    schemaOf(await read('src/config/queue.ts'), 'export const queueSchema', 'type QueueEnvironment') +
    schemaOf(await read('src/config/sealing.ts'), 'export const sealingSchema', 'type SealingEnvironment') +
    schemaOf(
      await read('src/config/webhooks.ts'),
      'export const webhookSchema',
      'export interface WebhookConfig',
    ) +
    schemaOf(await read('src/config/retention.ts'), 'export const retentionSchema', 'export function') +
    schemaOf(await read('src/config/auth.ts'), 'export const authSchema', 'type AuthEnvironment') +
    schemaOf(await read('src/config/blobs.ts'), 'export const blobSchema', 'type BlobEnvironment');
  expect([...listed].sort()).toEqual([...names(schemas)].sort());
});

test('every decision record says its status, context, decision and consequences', async () => {
  const records = documents.filter((document) => document.startsWith('docs/decisions/'));
  expect(records.length).toBeGreaterThanOrEqual(5);
  for (const record of records) {
    const text = await read(record);
    expect(text).toMatch(/^# \d+\. /);
    for (const part of ['Status: ', '## Context', '## Decision', '## Consequences']) {
      expect(text, `${record} has "${part}"`).toContain(part);
    }
  }
});

/** Command lines of ```sh blocks; a line that ends with a backslash goes on. */
function shellCommands(text: string): string[] {
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    block!
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
}

async function checkNpm([first, ...rest]: string[], command: string): Promise<void> {
  const name = first === 'run' ? rest[0]! : first!;
  if (name === 'ci') return;
  expect(Object.keys(packageFile.scripts), command).toContain(name);
  const separator = rest.indexOf('--');
  if (name === 'aiprod') await checkAiprod(rest.slice(separator + 1), command);
}

/** `--help` after the options: unknown ones are refused before help is shown. */
async function checkAiprod(args: string[], command: string): Promise<void> {
  const given = args[0] === 'help' ? args : [...args, '--help'];
  expect(await runCommandLine(given), command).toBe(0);
}
