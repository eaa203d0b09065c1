// What a step is: a named, versioned, repeatable piece of work from a JSON input to a JSON result that may name blobs.
import type { Stage } from '../domain/job.ts';
import type { BlobRef } from '../ports/blob-store.ts';
import type { MadeFile } from '../ports/made-file.ts';
import type { Pay } from '../ports/paid-calls.ts';
import type { WorkContext } from '../ports/work-context.ts';

export interface StepContext extends WorkContext {
  pay: Pay;
  /** Stores a made file for good and names it. */
  keep(file: MadeFile): Promise<BlobRef>;
  /** A local, read-only path of a kept file. */
  open(ref: BlobRef): Promise<string>;
}

/** Work that may be repeated freely, but for the paid calls in it: those go through `context.pay`. */
export interface Step<Input, Result> {
  name: string;
  stage: Stage;
  /** Of the code, model and libraries that shape the result; a new version never reuses an old result. */
  version: string;
  /** Longest time one attempt may work, waiting for its turn not counted. */
  timeoutMs: number;
  run(input: Input, context: StepContext): Promise<Result>;
}

export function defineStep<Input, Result>(step: Step<Input, Result>): Step<Input, Result> {
  return Object.freeze(step);
}
