// As much of a gRPC server as a double needs, on Node's own HTTP/2: unary calls and streams in both directions, without
// compression.
import { once } from 'node:events';
import { createSecureServer, createServer, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

/** Numbers of google.rpc.Code. */
export const grpcStatus = {
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  failedPrecondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
};

export class GrpcError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface GrpcStream {
  send(message: Uint8Array): void;
  end(error?: GrpcError): void;
}

export interface GrpcMethods {
  /** By full path, such as `/google.pubsub.v1.Publisher/Publish`. */
  unary: Record<string, (request: Uint8Array, authorization?: string) => Uint8Array | Promise<Uint8Array>>;
  /** Called when a stream opens; answers what to do with each message and with its end. */
  streaming: Record<string, (stream: GrpcStream) => { onMessage(message: Uint8Array): void; onEnd(): void }>;
}

const headers = { ':status': 200, 'content-type': 'application/grpc+proto' };

/** With TLS where it is given a certificate. */
export async function startGrpcServer(
  { unary, streaming }: GrpcMethods,
  certificate?: { key: string; cert: string },
) {
  const server = certificate === undefined ? createServer() : createSecureServer(certificate);
  const sessions = new Set<Http2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, { ':path': path, authorization }) => {
    stream.on('error', () => {});
    const opened = streaming[`${path}`];
    if (opened !== undefined) return answerStream(stream, opened);
    void answerUnary(stream, unary[`${path}`], `${path}`, authorization);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close(): Promise<void> {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answerUnary(
  stream: ServerHttp2Stream,
  method: GrpcMethods['unary'][string] | undefined,
  path: string,
  authorization: string | undefined,
): Promise<void> {
  try {
    if (method === undefined) throw new GrpcError(grpcStatus.unimplemented, `${path} is not doubled`);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const [request] = takeMessages(Buffer.concat(chunks)).messages;
    const answer = await method(request!, authorization);
    stream.respond(headers, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(framed(answer));
  } catch (error) {
    if (stream.destroyed) return;
    stream.respond({ ...headers, ...trailersOf(error) }, { endStream: true });
  }
}

function answerStream(stream: ServerHttp2Stream, opened: GrpcMethods['streaming'][string]): void {
  let error: GrpcError | undefined;
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailersOf(error)));
  const handlers = opened({
    send: (message) => void (stream.destroyed || stream.writableEnded || stream.write(framed(message))),
    end(reason) {
      error = reason;
      stream.end();
    },
  });
  let left: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    const { messages, rest } = takeMessages(Buffer.concat([left, chunk]));
    left = rest;
    for (const message of messages) handlers.onMessage(message);
  });
  stream.on('close', () => handlers.onEnd());
}

function trailersOf(error: unknown): Record<string, string> {
  if (error === undefined) return { 'grpc-status': '0' };
  const status = error instanceof GrpcError ? error.status : 13;
  return { 'grpc-status': `${status}`, 'grpc-message': encodeURIComponent((error as Error).message) };
}

/** One byte that says whether it is compressed, four for the length, the message. */
function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function takeMessages(bytes: Buffer): { messages: Buffer[]; rest: Buffer } {
  const messages: Buffer[] = [];
  let at = 0;
  while (bytes.length - at >= 5) {
    const length = bytes.readUInt32BE(at + 1);
    if (bytes.length - at - 5 < length) break;
    messages.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return { messages, rest: bytes.subarray(at) };
}
