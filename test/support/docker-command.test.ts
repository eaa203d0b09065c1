import { resolve } from 'node:path';
import { expect, test } from 'vitest';

import { checkDocker } from './docker-command.ts';

const root = resolve(import.meta.dirname, '../..');
const check = (command: string) => checkDocker(command.split(' '), root);
const compose = 'compose -f deploy/compose.yaml';

test.each([
  ['build -f deploy/Dockerfile -t aiprod .', []],
  ['run --rm --user=0 aiprod aiprod keys list', ['aiprod', 'keys', 'list']],
  ['run --rm --entrypoint=tar aiprod --create', []],
  [`${compose} run --rm api aiprod keys list`, ['aiprod', 'keys', 'list']],
  [`${compose} up --detach --scale=worker=3`, []],
])('docker %s', async (command, inside) => {
  expect(await check(command)).toEqual(inside);
});

test.each([
  ['build -f deploy/Nofile -t aiprod .', 'no such file'],
  ['run --rn aiprod', 'docker run has no option --rn here'],
  ['run --rm', 'docker run names nothing'],
  ['rum aiprod', 'docker rum is not known here'],
  ['compose up', 'docker compose names no file by -f'],
  [`${compose} up apy`, 'deploy/compose.yaml has no service apy'],
  [`${compose} up --scale=wörker=3`, 'deploy/compose.yaml has no service wörker'],
  [`${compose} rum api`, 'docker compose rum is not known here'],
])('docker %s is refused', async (command, message) => {
  await expect(check(command)).rejects.toThrow(message);
});
