// Says in words why each step of a job ran or was reused.
import type { StepRun } from '../ports/step-store.ts';

export function explainRun(run: StepRun): string {
  if (run.outcome === 'failed') return `failed after ${run.durationMs} ms`;
  switch (run.reason) {
    case 'first_time':
      return `ran: this job had not asked for it before (${run.durationMs} ms)`;
    case 'input_changed':
      return run.changed.length > 0
        ? `ran: ${run.changed.join(', ')} changed (${run.durationMs} ms)`
        : `ran: asked as before, but the earlier run had left no result (${run.durationMs} ms)`;
    case 'blob_missing':
      return `ran: the bytes of its stored result are gone (${run.durationMs} ms)`;
    case 'reused':
      return 'reused: the same was asked before and its bytes are all there';
  }
}
