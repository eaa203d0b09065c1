// One line that shows how far a job is: stage, bar, percent and time left. On a pipe, one plain line per stage.
import type { JobState } from './api-client.ts';

const width = 28;
const stageNames: Record<string, string> = {
  plan: 'planning scenes',
  narrate: 'speaking',
  illustrate: 'painting',
  compose_music: 'composing',
  find_effects: 'making sounds',
  mix: 'mixing',
  render: 'rendering',
  inspect: 'measuring',
  publish: 'publishing',
};
const statusNames: Record<string, string> = {
  pending: 'waiting',
  processing: 'starting',
  awaiting_approval: 'awaiting approval',
  completed: 'done',
};
/** Less than this says nothing about the rest. */
const tellingProgress = 0.05;

export interface ProgressBar {
  update(state: JobState): void;
  /** Leaves the cursor on a fresh line. */
  end(): void;
}

type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;

export function createProgressBar(output: Output): ProgressBar {
  let startedAtMs: number | undefined;
  let shown = '';

  /** By the times of the events, not of their arrival: who joins late is told the same. */
  function timeLeft({ progress, at }: JobState): string {
    if (startedAtMs === undefined || progress < tellingProgress || progress >= 1) return '';
    const elapsedMs = Date.parse(at) - startedAtMs;
    const seconds = Math.ceil(((elapsedMs / progress) * (1 - progress)) / 1000);
    return seconds >= 60 ? `  ${Math.floor(seconds / 60)} min ${seconds % 60} s left` : `  ${seconds} s left`;
  }

  return {
    update(state) {
      if (state.status === 'processing') startedAtMs ??= Date.parse(state.at);
      else startedAtMs = undefined;
      if (state.status === 'pending' && state.error !== undefined) {
        output.write(`${output.isTTY ? '\r\u001b[2K' : ''}trying again: ${state.error.detail}\n`);
      }
      const name = nameOf(state);
      if (output.isTTY) {
        const progress = state.status === 'completed' ? 1 : state.progress;
        const percent = String(Math.floor(progress * 100)).padStart(3);
        output.write(`\r\u001b[2K${name.padEnd(17)} ${bar(progress)} ${percent} %${timeLeft(state)}`);
      } else if (name !== shown) {
        output.write(`${name}\n`);
      }
      shown = name;
    },
    end() {
      if (output.isTTY && shown !== '') output.write('\n');
      shown = '';
    },
  };
}

function nameOf({ status, stage }: JobState): string {
  const stageName = status === 'processing' && stage !== null ? stageNames[stage] : undefined;
  return stageName ?? statusNames[status] ?? status;
}

function bar(progress: number): string {
  const full = Math.round(progress * width);
  return `[${'█'.repeat(full)}${'·'.repeat(width - full)}]`;
}
