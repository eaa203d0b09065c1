// Keeps track of the part of the work in which code runs, across everything it awaits. Opens a span for each part where
// spans are kept; else it passes on the trace that others began.
import { AsyncLocalStorage } from 'node:async_hooks';

import type { Part, TraceFacts, Tracer } from '../../ports/tracer.ts';
import { parseTraceParent, type TraceContext, toTraceParent } from './trace-parent.ts';

/** Where code runs: what its log lines say besides their own words. */
export interface Place {
  facts: TraceFacts;
  trace: TraceContext | undefined;
}

export interface Span {
  context: TraceContext;
  set(attributes: TraceFacts): void;
  end(failure?: unknown): void;
}

/** `parent` is none for the first span of a trace. `link` is the part that led here from another trace. */
export type StartSpan = (
  part: Part,
  from: { parent: TraceContext | undefined; link: TraceContext | undefined },
) => Span;

export interface PlacingTracer extends Tracer {
  /** Undefined = within no part. */
  place(): Place | undefined;
}

export function createTracer(startSpan?: StartSpan): PlacingTracer {
  const places = new AsyncLocalStorage<Place>();

  return {
    open(part) {
      const outer = places.getStore();
      const given = parseTraceParent(part.traceParent);
      const parent = given ?? outer?.trace;
      const link = parseTraceParent(part.cameFrom) ?? (given && outer?.trace);
      const span = startSpan?.(part, { parent, link });
      const place = { facts: { ...outer?.facts, ...part.facts }, trace: span?.context ?? parent };
      let ended = false;
      return {
        run: (work) => places.run(place, work),
        set: (attributes) => span?.set(attributes),
        end(failure) {
          if (!ended) span?.end(failure);
          ended = true;
        },
      };
    },

    traceParent() {
      const trace = places.getStore()?.trace;
      return trace && toTraceParent(trace);
    },

    place: () => places.getStore(),
  };
}
