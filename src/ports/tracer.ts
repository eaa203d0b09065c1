// What goes on, in parts that lie within each other: a request, a job, a step, a call to a provider. Log lines that are
// written within a part carry its facts; where traces are kept, each part is a span.

/** Ids, codes and numbers that come from us, for logs and traces alike. Never a user's words. */
export type TraceFacts = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Part {
  /** One of few, such as `POST /v1/videos` or `narrate`. */
  name: string;
  kind: 'server' | 'consumer' | 'internal' | 'client';
  /** For the span and for every log line within. */
  facts?: TraceFacts;
  /** For the span alone, under OpenTelemetry's own names. */
  attributes?: TraceFacts;
  /**
   * A W3C `traceparent` from which the trace goes on, in place of the part in which this one is opened. A text that is none
   * counts as none given.
   */
  traceParent?: string | null | undefined;
  /** A `traceparent` that led here: this part is linked to it, and no part of that trace. */
  cameFrom?: string | undefined;
}

export interface OpenPart {
  /** Whatever is begun in `work` lies within this part, also what ends later. */
  run<T>(work: () => T): T;
  /** For the span alone, until it is ended. */
  set(attributes: TraceFacts): void;
  /** `failure` is what was thrown, or a code; left out = it went well. Only the first call counts. */
  end(failure?: unknown): void;
}

export interface Tracer {
  open(part: Part): OpenPart;
  /** With what others go on with the trace that is under way; undefined = there is none. */
  traceParent(): string | undefined;
}

/** Runs `work` within a part, which ends with it. */
export async function within<T>(
  tracer: Tracer,
  part: Part,
  work: (part: OpenPart) => Promise<T>,
): Promise<T> {
  const open = tracer.open(part);
  try {
    const result = await open.run(() => work(open));
    open.end();
    return result;
  } catch (error) {
    open.end(error);
    throw error;
  }
}

/** For whoever wants neither facts in log lines nor traces. */
export const untraced: Tracer = {
  open: () => ({ run: (work) => work(), set() {}, end() {} }),
  traceParent: () => undefined,
};
