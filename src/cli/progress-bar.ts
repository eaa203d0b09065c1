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

export interface ProgressBar {
  update(state: JobState): void;
  /** Leaves the cursor on a fresh line. */
  end(): void;
}

export function createProgressBar(stream: NodeJS.WriteStream, now: () => number = Date.now): ProgressBar {
  let startedAt: number | undefined;
  let shown = '';

  function line({ status, stage, progress }: JobState): string {
    const name = status === 'pending' ? 'waiting' : (stageNames[stage ?? ''] ?? status);
    if (status === 'completed') return `done${' '.repeat(13)}${bar(1)} 100 %`;
    const left = timeLeft(progress);
    return `${name.padEnd(17)}${bar(progress)} ${String(Math.floor(progress * 100)).padStart(3)} %${left}`;
  }

  function timeLeft(progress: number): string {
    if (startedAt === undefined || progress < 0.05) return '';
    const elapsedMs = now() - startedAt;
    const seconds = Math.ceil(((elapsedMs / progress) * (1 - progress)) / 1000);
    return seconds >= 60 ? `  ${Math.floor(seconds / 60)} min ${seconds % 60} s left` : `  ${seconds} s left`;
  }

  return {
    update(state) {
      if (state.status === 'processing') startedAt ??= now();
      if (stream.isTTY) {
        stream.write(`\r\u001b[2K${line(state)}`);
        shown = 'line';
        return;
      }
      const stage = state.status === 'processing' ? (state.stage ?? '') : state.status;
      if (stage === shown) return;
      shown = stage;
      stream.write(`${stageNames[stage] ?? stage}\n`);
    },
    end() {
      if (stream.isTTY && shown !== '') stream.write('\n');
    },
  };
}

function bar(progress: number): string {
  const full = Math.round(progress * width);
  return `[${'█'.repeat(full)}${'·'.repeat(width - full)}]`;
}
