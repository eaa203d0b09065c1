import { describe, expect, it } from 'vitest';

import type { JobState } from './api-client.ts';
import { createProgressBar } from './progress-bar.ts';

function barOn(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { bar: createProgressBar({ isTTY, write: write as NodeJS.WriteStream['write'] }), written };
}

const state = (
  status: JobState['status'],
  stage: JobState['stage'],
  progress: number,
  second = 0,
): JobState => ({
  status,
  stage,
  progress,
  at: new Date(second * 1000).toISOString(),
});

describe('createProgressBar', () => {
  it('redraws one line on a terminal, with the time left by the events’ own clock', () => {
    const { bar, written } = barOn(true);
    bar.update(state('pending', null, 0));
    bar.update(state('processing', 'plan', 0, 100));
    bar.update(state('processing', 'render', 0.25, 110));
    bar.update(state('processing', 'render', 0.5, 300));
    bar.update(state('completed', 'publish', 1, 310));
    bar.end();
    const line = (text: string) => `\r\u001b[2K${text}`;
    expect(written).toEqual([
      line(`waiting           [${'·'.repeat(28)}]   0 %`),
      line(`planning scenes   [${'·'.repeat(28)}]   0 %`),
      line(`rendering         [${'█'.repeat(7)}${'·'.repeat(21)}]  25 %  30 s left`),
      line(`rendering         [${'█'.repeat(14)}${'·'.repeat(14)}]  50 %  3 min 20 s left`),
      line(`done              [${'█'.repeat(28)}] 100 %`),
      '\n',
    ]);
  });

  it('says why an attempt is made again', () => {
    const { bar, written } = barOn(false);
    bar.update({ ...state('pending', null, 0), error: { detail: 'The disk is full.' } });
    expect(written).toEqual(['trying again: The disk is full.\n', 'waiting\n']);
  });

  it('starts its clock again with a new attempt', () => {
    const { bar, written } = barOn(true);
    bar.update(state('processing', 'plan', 0, 0));
    bar.update(state('pending', 'plan', 0, 500));
    bar.update(state('processing', 'plan', 0, 600));
    bar.update(state('processing', 'render', 0.5, 610));
    expect(written.at(-1)).toContain('50 %  10 s left');
  });

  it('writes one plain line per stage on a pipe', () => {
    const { bar, written } = barOn(false);
    bar.update(state('pending', null, 0));
    bar.update(state('processing', null, 0));
    bar.update(state('processing', 'compose_music', 0.1));
    bar.update(state('processing', 'compose_music', 0.2));
    bar.update(state('failed', 'compose_music', 0.2));
    bar.end();
    expect(written).toEqual(['waiting\n', 'starting\n', 'composing\n', 'failed\n']);
  });

  it('leaves a terminal alone when nothing was drawn', () => {
    const { bar, written } = barOn(true);
    bar.end();
    expect(written).toEqual([]);
  });
});
