// Spans by OpenTelemetry, sent over OTLP. The only file that knows its library, loaded only where traces are kept. It
// registers nothing globally: other libraries stay as silent as they are without it.
import {
  type Attributes,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  BatchSpanProcessor,
  type NodeTracerConfig,
  NodeTracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';

import { AppError } from '../../domain/errors.ts';
import type { TraceFacts } from '../../ports/tracer.ts';
import { describeError } from './describe-error.ts';
import type { TraceContext } from './trace-parent.ts';
import type { StartSpan } from './tracer.ts';

export interface SpanSenderOptions {
  /** What all spans say of this process, by OpenTelemetry's names. */
  resource: Record<string, string>;
  /** Longest time of sending a batch, with all tries. */
  timeoutMs: number;
  logger: { info(facts: object, message: string): void; warn(facts: object, message: string): void };
}

export interface SpanSender {
  startSpan: StartSpan;
  /** Sends what is left, for at most a second. */
  close(): Promise<void>;
}

const closeWithinMs = 1_000;

/** Where to, how often and which: as the OTEL_* variables of the process say. */
export function createSpanSender({ resource, timeoutMs, logger }: SpanSenderOptions): SpanSender {
  const exporter = tellingOfTrouble(new OTLPTraceExporter({ timeoutMillis: timeoutMs }), logger);
  const provider = new NodeTracerProvider({
    resource: toResource(resource),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('aiprod', resource['service.version']);

  return {
    startSpan({ name, kind, facts = {}, attributes = {} }, { parent, link }) {
      const context =
        parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, toSpanContext(parent));
      const span = tracer.startSpan(
        name,
        {
          kind: kinds[kind],
          attributes: { ...ownNames(facts), ...present(attributes) },
          links: link === undefined ? [] : [{ context: toSpanContext(link) }],
        },
        context,
      );
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        context: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
        set: (more) => void span.setAttributes(present(more)),
        end(failure) {
          if (failure !== undefined) say(span, failure);
          span.end();
        },
      };
    },

    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeWithinMs);
      });
      // What was not sent was told of as trouble.
      await Promise.race([provider.shutdown().catch(() => {}), late]);
      clearTimeout(timer);
    },
  };
}

const kinds = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
};

function toSpanContext({ traceId, spanId, sampled }: TraceContext) {
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE };
}

/** `jobId` as `aiprod.job_id`. */
function ownNames(facts: TraceFacts): Attributes {
  const named = Object.entries(facts).map(([name, value]) => [
    `aiprod.${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
    value,
  ]);
  return present(Object.fromEntries(named));
}

function present(facts: TraceFacts): Attributes {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** Work that was stopped has not failed. Of an error there is as much as in the log. */
function say(span: OtelSpan, failure: unknown): void {
  const isStop =
    failure instanceof AppError ? failure.kind === 'canceled' || failure.kind === 'lease-lost' : false;
  if (isStop || typeof failure === 'symbol') return void span.setAttribute('aiprod.outcome', 'stopped');
  if (!(failure instanceof Error)) {
    span.setAttribute('error.type', `${failure}`);
    return void span.setStatus({ code: SpanStatusCode.ERROR });
  }
  const { type, code = type, message, stack } = describeError(failure);
  span.setAttribute('error.type', code);
  span.addEvent('exception', {
    'exception.type': type,
    'exception.message': message,
    'exception.stacktrace': stack,
  });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** The library that makes these is no dependency of ours; the exporter reads the attributes, and nothing else. */
function toResource(attributes: Record<string, string>): NonNullable<NodeTracerConfig['resource']> {
  const resource: NonNullable<NodeTracerConfig['resource']> = {
    attributes,
    getRawAttributes: () => Object.entries(attributes),
    merge: () => resource,
  };
  return resource;
}

/** Says once that nothing arrives, and once that it does again. */
function tellingOfTrouble(exporter: SpanExporter, logger: SpanSenderOptions['logger']): SpanExporter {
  let failing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined || result.code !== 0;
        if (failed && !failing) logger.warn({ err: result.error }, 'traces cannot be sent');
        if (!failed && failing) logger.info({}, 'traces can be sent again');
        failing = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
