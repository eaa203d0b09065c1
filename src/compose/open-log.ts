// The log and the traces as they are configured. Both know what goes on where they are written.
import { hostname } from 'node:os';

import packageFile from '../../package.json' with { type: 'json' };
import { createLogger, type Logger } from '../adapters/observe/logger.ts';
import { createTracer, type PlacingTracer } from '../adapters/observe/tracer.ts';
import type { Config } from '../config/config.ts';
import type { Tracer } from '../ports/tracer.ts';

const { version } = packageFile;

/** A log alone, for commands. */
export function openLog({ observe }: Config, place?: PlacingTracer['place']): Logger {
  return createLogger({
    level: observe.logLevel,
    format: observe.logFormat,
    traceProject: observe.traceProject,
    service: { service: observe.serviceName, version },
    ...(place && { place }),
  });
}

export interface LogAndTraces {
  logger: Logger;
  tracer: Tracer;
  /** Sends the spans that are left. */
  close(): Promise<void>;
}

/** OpenTelemetry is loaded only where traces are kept. */
export async function openLogAndTraces(config: Config): Promise<LogAndTraces> {
  const { traces, serviceName } = config.observe;
  if (traces === undefined) {
    const tracer = createTracer();
    return { logger: openLog(config, tracer.place), tracer, close: async () => {} };
  }
  const { createSpanSender } = await import('../adapters/observe/open-telemetry.ts');
  const sender = createSpanSender({
    resource: {
      'service.version': version,
      'service.instance.id': `${hostname()}-${process.pid}`,
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
      ...traces.resourceAttributes,
      'service.name': serviceName,
    },
    timeoutMs: traces.timeoutMs,
    // Of the sender's own troubles nothing is known but its errors: no part of the work.
    logger: openLog(config),
  });
  const tracer = createTracer(sender.startSpan);
  return { logger: openLog(config, tracer.place), tracer, close: sender.close };
}
