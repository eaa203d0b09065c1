// What the recipe works with: makers, memoised steps, the user's media, and where it tells how it goes.
import type { AppError } from '../domain/errors.ts';
import type { Degradation } from '../domain/job.ts';
import type { Storyboard } from '../domain/storyboard.ts';
import type { Asset } from '../domain/user-media.ts';
import type { StepRunner } from '../engine/run-step.ts';
import type { Makers } from '../ports/makers.ts';
import type { MediaFetcher } from '../ports/media-fetcher.ts';
import type { MakersUsed } from './makers-used.ts';
import type { Progress } from './progress.ts';

/** Where the user's own media come from. */
export interface UserMedia {
  /** The job that they are for. */
  jobId: string;
  /** An asset of the job's user. */
  findAsset(assetId: string): Promise<Asset | undefined>;
  fetcher: MediaFetcher;
}

export interface Kitchen {
  makers: Makers;
  run: StepRunner['run'];
  endedBefore: StepRunner['endedBefore'];
  history: StepRunner['history'];
  progress: Progress;
  used: MakersUsed;
  /** True when nobody has to look at the plan first, or somebody has. */
  approved: boolean;
  /** As the user edited it: made as it is, instead of a plan. */
  storyboard?: Storyboard | undefined;
  userMedia: UserMedia;
  /** Notes a fallback; with `strict` it throws instead. `because` is for the log alone. */
  degrade(degradation: Degradation, because?: AppError): void;
}
