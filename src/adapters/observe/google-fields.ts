// The fields of a log line where Google Cloud Logging looks for them: labels, the request, the trace, and what makes Error
// Reporting take an error up. Takes only what was let through.
import type { TraceContext } from './trace-parent.ts';

type Fields = Record<string, unknown>;

const severities: Record<string, string> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

export function googleSeverity(level: string): string {
  return severities[level] ?? 'DEFAULT';
}

/** By what one looks for lines, as docs/operations/observability.md lists it. Labels hold texts only. */
export const labels: Record<string, string> = {
  jobId: 'job_id',
  requestId: 'request_id',
  userId: 'user_id',
  step: 'step',
  stage: 'stage',
  provider: 'provider',
  code: 'code',
};

const reportedError = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';

/** Audit lines keep their fields where they are: `aiprod audit verify --log` reads them. */
export function googleFields(
  fields: Fields,
  trace: TraceContext | undefined,
  { traceProject, isError }: { traceProject: string | undefined; isError: boolean },
): Fields {
  const { err, method, endpoint, status, ms, ...others } = fields;
  const isRequest = typeof method === 'string' && typeof endpoint === 'string';
  const named = others.audit === true ? [] : Object.entries(labels).filter(([name]) => isText(others[name]));
  const rest = Object.fromEntries(
    Object.entries(others).filter(([name]) => !named.some(([label]) => label === name)),
  );
  return {
    ...(isRequest ? { httpRequest: toHttpRequest({ method, endpoint, status, ms }) } : { status, ms }),
    ...rest,
    ...(err !== undefined && errorFields(err, isError)),
    ...(named.length > 0 && {
      'logging.googleapis.com/labels': Object.fromEntries(
        named.map(([name, label]) => [label, others[name]]),
      ),
    }),
    ...(trace !== undefined &&
      traceProject !== undefined && {
        'logging.googleapis.com/trace': `projects/${traceProject}/traces/${trace.traceId}`,
        'logging.googleapis.com/spanId': trace.spanId,
        'logging.googleapis.com/trace_sampled': trace.sampled,
      }),
  };
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';

/** The route's template in place of the URL, which may hold what users wrote; nothing of who asked. */
function toHttpRequest({ method, endpoint, status, ms }: Fields): Fields {
  return {
    requestMethod: method,
    requestUrl: endpoint,
    status,
    ...(typeof ms === 'number' && { latency: `${ms / 1000}s` }),
  };
}

/** Error Reporting reads stacks that begin as V8 begins them. Warnings are none of its business. */
function errorFields(err: unknown, isError: boolean): Fields {
  const { stack, ...error } = err as { stack?: string; type?: string; message?: string };
  if (!isError) return { err };
  return {
    '@type': reportedError,
    stack_trace: `${error.type ?? 'Error'}: ${error.message ?? ''}\n${stack ?? ''}`,
    err: error,
  };
}
