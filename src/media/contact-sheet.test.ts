import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { loadImage } from '@napi-rs/canvas';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { contactSheet } from './contact-sheet.ts';

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'aiprod-sheet-'));
});
afterEach(() => rm(scratch, { recursive: true }));

const input = { style: 'minimal', motif: 'sea', keywords: [], variant: 0, aspect: '1:1', seed: 1 } as const;

it('paints a style in every mood, and leaves nothing else behind', async () => {
  const { path: file } = await contactSheet(
    { ...input, keywords: [] },
    { scratch, signal: new AbortController().signal },
  );
  const { width, height } = await loadImage(file);
  expect([width, height]).toEqual([9 * 368, 368 + 26]);
  expect(await readdir(scratch)).toEqual(['contact-sheet.png']);
});

it('stops between pictures', async () => {
  const control = new AbortController();
  const reason = new Error('enough');
  const run = contactSheet(
    { ...input, keywords: [] },
    { scratch, signal: control.signal, onProgress: () => control.abort(reason) },
  );
  await expect(run).rejects.toBe(reason);
});
