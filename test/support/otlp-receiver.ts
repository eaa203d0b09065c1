// A collector of traces: takes what is sent over OTLP/HTTP, and decodes it by the protocol's own numbers, without the
// library that wrote it.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

import { fieldsOf } from './protobuf-fields.ts';

export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  /** Undefined = the first of its trace. */
  parentSpanId: string | undefined;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  startMs: number;
  endMs: number;
  attributes: Record<string, unknown>;
  events: { name: string; attributes: Record<string, unknown> }[];
  /** Ids of spans. */
  links: string[];
  failed: boolean;
  statusMessage: string;
  resource: Record<string, unknown>;
}

export interface OtlpReceiver {
  url: string;
  /** Everything received so far. */
  spans: ReceivedSpan[];
  requests: { path: string | undefined; headers: IncomingHttpHeaders }[];
  /** Answers with this status from now on; 0 = not at all. */
  answer(status: number): void;
  /** Resolves with the first span that fits, received before or later. */
  received(fits: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan>;
  close(): Promise<void>;
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: OtlpReceiver['requests'] = [];
  const waiting = new Set<() => void>();
  let status = 200;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    requests.push({ path: request.url, headers: request.headers });
    if (status === 0) return;
    if (status === 200) {
      spans.push(...decode(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
      for (const look of waiting) look();
    }
    response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    answer(next) {
      status = next;
    },
    received(fits) {
      const { promise, resolve } = Promise.withResolvers<ReceivedSpan>();
      const look = () => {
        const found = spans.find(fits);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      return promise;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

// Numbers of opentelemetry.proto.collector.trace.v1 and what it is made of.

/** ExportTraceServiceRequest. */
function decode(request: Buffer): ReceivedSpan[] {
  return fieldsOf(request)
    .all(1)
    .flatMap((resourceSpans) => {
      const group = fieldsOf(resourceSpans);
      const resource = toAttributes(fieldsOf(group.bytes(1)).all(1));
      return group
        .all(2)
        .flatMap((scope) => fieldsOf(scope).all(2))
        .map((span) => toSpan(span, resource));
    });
}

function toSpan(bytes: Buffer, resource: Record<string, unknown>): ReceivedSpan {
  const span = fieldsOf(bytes);
  const status = fieldsOf(span.bytes(15));
  const parent = span.bytes(4).toString('hex');
  return {
    traceId: span.bytes(1).toString('hex'),
    spanId: span.bytes(2).toString('hex'),
    parentSpanId: parent === '' ? undefined : parent,
    name: span.bytes(5).toString(),
    kind: kinds[Number(span.number(6))]!,
    startMs: Number(span.number(7)) / 1e6,
    endMs: Number(span.number(8)) / 1e6,
    attributes: toAttributes(span.all(9)),
    events: span.all(11).map((event) => {
      const fields = fieldsOf(event);
      return { name: fields.bytes(2).toString(), attributes: toAttributes(fields.all(3)) };
    }),
    links: span.all(13).map((link) => fieldsOf(link).bytes(2).toString('hex')),
    failed: status.number(3) === 2n,
    statusMessage: status.bytes(2).toString(),
    resource,
  };
}

/** KeyValues. */
function toAttributes(pairs: Buffer[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const fields = fieldsOf(pair);
      return [fields.bytes(1).toString(), toValue(fields.bytes(2))];
    }),
  );
}

/** AnyValue, of the kinds that are used. */
function toValue(bytes: Buffer): unknown {
  const value = fieldsOf(bytes);
  if (value.has(1)) return value.bytes(1).toString();
  if (value.has(2)) return value.number(2) !== 0n;
  if (value.has(3)) return Number(BigInt.asIntN(64, value.number(3)));
  const double = Buffer.alloc(8);
  double.writeBigUInt64LE(value.number(4));
  return double.readDoubleLE();
}
