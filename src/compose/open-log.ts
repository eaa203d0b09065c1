// The log as it is configured.
import packageFile from '../../package.json' with { type: 'json' };
import { createLogger, type Logger } from '../adapters/observe/logger.ts';
import type { PlacingTracer } from '../adapters/observe/tracer.ts';
import type { Config } from '../config/config.ts';

/** `tracer` knows what goes on when a line is written; left out: lines say nothing of it. */
export function openLog({ observe }: Config, tracer?: Pick<PlacingTracer, 'place'>): Logger {
  return createLogger({
    level: observe.logLevel,
    format: observe.logFormat,
    traceProject: observe.traceProject,
    service: { service: observe.serviceName, version: packageFile.version },
    ...(tracer && { place: tracer.place }),
  });
}
