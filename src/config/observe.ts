// Settings of what the program tells of its work: log lines and traces. Of OpenTelemetry's own variables only those are
// named that we read; its library reads the others, such as OTEL_TRACES_SAMPLER and OTEL_EXPORTER_OTLP_HEADERS.
import { z } from 'zod';

const webAddress = () =>
  z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional();

const protocol = () =>
  z.literal('http/protobuf', 'must be http/protobuf, which is the only one spoken here').optional();

export const observeSchema = {
  AIPROD_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  AIPROD_LOG_FORMAT: z.enum(['pretty', 'json', 'google']).optional(),
  AIPROD_TRACE_PROJECT: z
    .string()
    .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'must be the id of a Google Cloud project')
    .optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], 'must be otlp or none').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: webAddress(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: webAddress(),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol(),
  OTEL_EXPORTER_OTLP_TIMEOUT: z.coerce.number('must be a number of milliseconds').positive().optional(),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: z.coerce
    .number('must be a number of milliseconds')
    .positive()
    .optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_RESOURCE_ATTRIBUTES: z
    .string()
    .optional()
    .transform((text, context): Record<string, string> => {
      try {
        return readPairs(text ?? '');
      } catch {
        context.addIssue('must be name=value pairs with commas between, and other commas as %2C');
        return {};
      }
    }),
};
type ObserveEnvironment = z.infer<z.ZodObject<typeof observeSchema>>;

export interface ObserveConfig {
  logLevel: string;
  logFormat: 'pretty' | 'json' | 'google';
  /** Whose traces the lines of `google` name; undefined = they name none. */
  traceProject: string | undefined;
  /** What this program is called in traces and in Error Reporting. */
  serviceName: string;
  /** Undefined = no traces are kept. */
  traces: TraceConfig | undefined;
}

export interface TraceConfig {
  /** Of this process, besides the name of the service. */
  resourceAttributes: Record<string, string>;
  /** Longest time of sending spans, with all tries. */
  timeoutMs: number;
}

/** Shorter than OpenTelemetry's 10 s: a collector that is away must not hold up the end of this process. */
const defaultTimeoutMs = 3_000;

export function observeConfig(env: ObserveEnvironment): ObserveConfig {
  const attributes = env.OTEL_RESOURCE_ATTRIBUTES;
  return {
    logLevel: env.AIPROD_LOG_LEVEL,
    logFormat: env.AIPROD_LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    traceProject: env.AIPROD_TRACE_PROJECT,
    serviceName: env.OTEL_SERVICE_NAME ?? attributes['service.name'] ?? 'aiprod',
    traces: keepsTraces(env)
      ? {
          resourceAttributes: attributes,
          timeoutMs:
            env.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ?? env.OTEL_EXPORTER_OTLP_TIMEOUT ?? defaultTimeoutMs,
        }
      : undefined,
  };
}

/** Once it is said where to, or that. */
function keepsTraces(env: ObserveEnvironment): boolean {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return false;
  const named = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return env.OTEL_TRACES_EXPORTER === 'otlp' || named !== undefined;
}

/** As baggage is written: `name=value,…`, values percent-encoded. Throws for anything else. */
function readPairs(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair)!;
      return [name!, decodeURIComponent(value!)];
    }),
  );
}
