// Step: the text files that go with a video: captions, words, storyboard, report, manifest and
// the description that it is published with.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Report } from '../../domain/report.ts';
import type { Storyboard } from '../../domain/storyboard.ts';
import type { Timeline } from '../../domain/timeline.ts';
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import { toSubRip, toWebVtt, toWordsJson } from '../captions.ts';
import { toDescription } from '../description.ts';
import type { Manifest } from '../manifest.ts';

interface PublishInput {
  timeline: Timeline;
  storyboard: Storyboard;
  report: Report;
  manifest: Manifest;
}

export const publishStep = defineStep({
  name: 'publish',
  stage: 'publish',
  version: '6',
  timeoutMs: 60_000,
  async run(
    { timeline, storyboard, report, manifest }: PublishInput,
    context,
  ): Promise<Record<string, BlobRef>> {
    const texts: Record<string, [text: string, mediaType: string]> = {
      'captions.vtt': [toWebVtt(timeline, storyboard.language), 'text/vtt; charset=utf-8'],
      'captions.srt': [toSubRip(timeline, storyboard.language), 'application/x-subrip; charset=utf-8'],
      'words.json': [toWordsJson(timeline), 'application/json'],
      'storyboard.json': [toJson(storyboard), 'application/json'],
      'report.json': [toJson(report), 'application/json'],
      'manifest.json': [toJson(manifest), 'application/json'],
      'description.txt': [toDescription(storyboard.title, manifest.rights), 'text/plain; charset=utf-8'],
    };
    const files: Record<string, BlobRef> = {};
    for (const [name, [text, mediaType]] of Object.entries(texts)) {
      const path = join(context.scratch, name);
      await writeFile(path, text);
      files[name] = await context.keep({ path, mediaType });
    }
    return files;
  },
});

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
