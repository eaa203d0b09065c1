import { describe, expect, it } from 'vitest';

import { readConfig } from './config.ts';

const observe = (environment: Record<string, string>) => readConfig({}, environment).observe;
const collector = 'http://127.0.0.1:4318';

describe('what is configured of logs and traces', () => {
  it('keeps no traces unless it is said where to', () => {
    expect(observe({})).toMatchObject({ logLevel: 'info', serviceName: 'aiprod', traces: undefined });
    for (const on of [
      { OTEL_EXPORTER_OTLP_ENDPOINT: collector },
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector },
      { OTEL_TRACES_EXPORTER: 'otlp' },
    ]) {
      expect(observe(on).traces).toEqual({ resourceAttributes: {}, timeoutMs: 3_000 });
      expect(observe({ ...on, OTEL_SDK_DISABLED: 'TRUE' }).traces).toBeUndefined();
    }
    expect(
      observe({ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_TRACES_EXPORTER: 'none' }).traces,
    ).toBeUndefined();
  });

  it('reads what the process is called', () => {
    const on = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_TIMEOUT: '500' };
    const OTEL_RESOURCE_ATTRIBUTES = 'service.name=by-attribute, deployment.environment.name=a%2Cb=c ,';
    expect(observe({ ...on, OTEL_RESOURCE_ATTRIBUTES })).toMatchObject({
      serviceName: 'by-attribute',
      traces: {
        resourceAttributes: { 'service.name': 'by-attribute', 'deployment.environment.name': 'a,b=c' },
        timeoutMs: 500,
      },
    });
    expect(observe({ OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME: 'by-name' }).serviceName).toBe('by-name');
  });

  it.each([
    [{ AIPROD_LOG_FORMAT: 'xml' }, 'AIPROD_LOG_FORMAT'],
    [{ AIPROD_TRACE_PROJECT: 'projects/x' }, 'AIPROD_TRACE_PROJECT: must be the id'],
    [{ OTEL_TRACES_EXPORTER: 'jaeger' }, 'OTEL_TRACES_EXPORTER: must be otlp or none'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT: must be an http'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL: must be http/protobuf'],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'service.name' }, 'OTEL_RESOURCE_ATTRIBUTES: must be name=value'],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'a=%zz' }, 'OTEL_RESOURCE_ATTRIBUTES: must be name=value'],
  ])('refuses %j', (environment, fault) => {
    expect(() => observe(environment as unknown as Record<string, string>)).toThrow(fault);
  });
});
