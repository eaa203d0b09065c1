// What the system counts about itself, and the text in which Prometheus reads it. Labels never hold user or job ids.

export interface Metrics {
  /** `endpoint` is the route's template, such as `/v1/videos/{job_id}`, or `unknown`. */
  httpRequest(facts: { endpoint: string; method: string; status: number; seconds: number }): void;
  stepFinished(facts: { step: string; outcome: 'ran' | 'reused' | 'failed'; durationMs: number }): void;
  leaseLost(): void;
  /** Everything, in Prometheus' text format. Numbers that live in the database are read now. */
  exposition(): Promise<{ contentType: string; body: string }>;
}
