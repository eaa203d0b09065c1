// What the system counts about itself, and the text in which Prometheus reads it. Labels never hold user or job ids.

export const jobOutcomes = ['completed', 'failed', 'refused'] as const;
export type JobOutcome = (typeof jobOutcomes)[number];

export const stepOutcomes = ['ran', 'reused', 'failed'] as const;
type StepOutcome = (typeof stepOutcomes)[number];

export interface Metrics {
  /** This process answers the route, with these statuses among others: their series begin now, at zero. */
  routeOffered(facts: { endpoint: string; method: string; statuses: readonly number[] }): void;
  /** `endpoint` is the route's template, such as `/v1/videos/{job_id}`, or `unknown`. */
  httpRequest(facts: { endpoint: string; method: string; status: number; seconds: number }): void;
  /** This process may run the step: its series begin now, at zero. */
  stepOffered(step: string): void;
  stepFinished(facts: { step: string; outcome: StepOutcome; durationMs: number }): void;
  leaseLost(): void;
  /** How many jobs this process may run at a time; 0 once it takes no more. */
  workerTakes(jobsAtOnce: number): void;
  /** This process runs a job, until the function that is returned is called. */
  jobRuns(): () => void;
  /** A job ended for good. `refused` = for the caller's own making. */
  jobEnded(outcome: JobOutcome): void;
  /** This process may ask the provider. */
  providerUsed(provider: string): void;
  /** One request to a provider, or one that was not let through; `outcome` is `ok`, an error code or `aborted`. */
  providerCalled(facts: { provider: string; outcome: string; durationMs: number }): void;
  /** A paid call was settled. */
  providerPaid(facts: { provider: string; costMicroUsd: number }): void;
  /** A message that names no job that we know was put aside. `via` is how it came. */
  messageQuarantined(via: 'push' | 'pull' | 'dead_letter'): void;
  /** A read of jobs with a replica configured: it answered, or the primary did because the replica was behind or away. */
  jobsRead(from: 'replica' | 'behind' | 'away'): void;
  /** Everything, in Prometheus' text format. Numbers that live in the database are read now. */
  exposition(): Promise<{ contentType: string; body: string }>;
}
