// A double of Cloud Storage on loopback: the part of the JSON API that its library uses, and signed URLs. It misbehaves
// on demand: errors, cut connections, bytes and checksums that are wrong, silence.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  ApiFault,
  type Bucket,
  createBucket,
  type ObjectClaims,
  type StoredObject,
} from './storage-double-bucket.ts';
import { checkSignature, type SigningKey } from './storage-double-signature.ts';

export type Call =
  | 'create'
  | 'session'
  | 'chunk'
  | 'status'
  | 'metadata'
  | 'media'
  | 'delete'
  | 'list'
  | 'signed';

type Fault =
  | { status: number; reason?: string; message?: string }
  /** `cut` half-way; `cut-late`: done, and the answer never arrives; `corrupt`: one byte is another. */
  | 'cut'
  | 'cut-late'
  | 'corrupt'
  /** The answer names checksums of other bytes. */
  | 'wrong-checksum'
  /** No answer at all. */
  | 'silence';

export interface StorageDouble {
  endpoint: string;
  bucketName: string;
  bucket: Bucket;
  /** Every call so far. */
  calls: Call[];
  /** Bytes that arrived in chunks of resumable uploads. */
  chunkBytes(): number;
  /** Of the calls of this kind, `times` go wrong after `after` that go well. */
  inject(call: Call, fault: Fault, when?: { times?: number; after?: number }): void;
  close(): Promise<void>;
}

/** With a key, URLs that it signed are answered. */
export async function startStorageDouble({ key }: { key?: SigningKey } = {}): Promise<StorageDouble> {
  const bucketName = 'aiprod-test-bucket';
  const bucket = createBucket(bucketName);
  const calls: Call[] = [];
  const faults: { call: Call; fault: Fault; after: number }[] = [];
  let chunkBytes = 0;

  function takeFault(call: Call): Fault | undefined {
    calls.push(call);
    const next = faults.find((each) => each.call === call);
    if (next === undefined || next.after-- > 0) return undefined;
    faults.splice(faults.indexOf(next), 1);
    return next.fault;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, `http://${request.headers.host}`);
    const exchange = { request, response, url };
    const [, kind, bucketInPath, name] =
      /^(\/upload\/storage\/v1|\/storage\/v1)\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(url.pathname) ?? [];
    if (kind !== undefined && decodeURIComponent(bucketInPath!) !== bucketName)
      throw new ApiFault(404, 'notFound', 'The specified bucket does not exist.');
    if (kind === '/upload/storage/v1') return upload(exchange);
    if (name !== undefined) return onObject(exchange, decodeURIComponent(name));
    if (kind !== undefined && request.method === 'GET') return list(exchange);
    const path = `/${bucketName}/`;
    if (key !== undefined && url.pathname.startsWith(path)) {
      const fault = takeFault('signed');
      checkSignature(request.method!, url, request.headers as NodeJS.Dict<string>, key);
      return sendMedia(exchange, bucket.get(decodeURIComponent(url.pathname.slice(path.length))), fault);
    }
    throw new ApiFault(404, 'notFound', 'Not Found');
  }

  async function upload({ request, response, url }: Exchange): Promise<void> {
    const param = (name: string) => url.searchParams.get(name) ?? undefined;
    const session = param('upload_id');
    if (session !== undefined) return putChunk({ request, response, url }, session);
    const type = param('uploadType');
    if (type === 'resumable') {
      const fault = takeFault('session');
      const claims = JSON.parse((await read(request)).toString() || '{}') as ObjectClaims;
      if (await misbehave(response, fault)) return;
      const contentType = request.headers['x-upload-content-type'];
      const id = bucket.openSession(
        param('name')!,
        { ...claims, ...(contentType !== undefined && { contentType: `${contentType}` }) },
        param('ifGenerationMatch'),
      );
      const location = `${url.origin}${url.pathname}?uploadType=resumable&upload_id=${id}`;
      response.writeHead(200, { location, 'content-length': 0 }).end();
      return;
    }
    if (type !== 'multipart') throw new ApiFault(400, 'invalid', `Upload of type ${type}.`);
    const fault = takeFault('create');
    if (fault === 'cut') return void request.socket.destroy();
    const body = await read(request);
    if (await misbehave(response, fault)) return;
    const { claims, bytes } = partsOf(body, request.headers['content-type']!);
    if (fault === 'corrupt') bytes[bytes.length >> 1]! ^= 1;
    sendObject(response, bucket.create(param('name')!, bytes, claims, param('ifGenerationMatch')), fault);
  }

  async function putChunk({ request, response }: Exchange, session: string): Promise<void> {
    const [, range, total] = /^bytes (\*|\d+-(?:\d+|\*))\/(\d+|\*)$/.exec(request.headers['content-range']!)!;
    const fault = takeFault(range === '*' ? 'status' : 'chunk');
    if (range === '*') {
      if (await misbehave(response, fault)) return;
      const made = bucket.madeBy(session);
      if (made === undefined) sendProgress(response, bucket.sessionBytes(session));
      else sendObject(response, made, fault);
      return;
    }
    const at = Number(range!.split('-')[0]);
    const expected = Number(request.headers['content-length']);
    if (fault === 'cut') {
      const part = await read(request, expected / 2);
      chunkBytes += part.length;
      bucket.append(session, at, part, false);
      request.socket.destroy();
      return;
    }
    const part = await read(request);
    chunkBytes += part.length;
    if (await misbehave(response, fault)) return;
    if (fault === 'corrupt') part[part.length >> 1]! ^= 1;
    bucket.append(session, at, part, true);
    const isLast = total !== '*' && bucket.sessionBytes(session) === Number(total);
    if (fault === 'cut-late' && !isLast) return void request.socket.destroy();
    if (!isLast) return sendProgress(response, bucket.sessionBytes(session));
    sendObject(response, bucket.finish(session), fault);
  }

  async function onObject(exchange: Exchange, name: string): Promise<void> {
    const { request, response, url } = exchange;
    const param = (wanted: string) => url.searchParams.get(wanted) ?? undefined;
    const isMedia = param('alt') === 'media';
    const call = request.method === 'DELETE' ? 'delete' : isMedia ? 'media' : 'metadata';
    const fault = takeFault(call);
    if (await misbehave(response, fault)) return;
    if (call === 'delete') {
      bucket.remove(name, param('ifGenerationMatch'));
      response.writeHead(204).end();
    } else if (call === 'media') sendMedia(exchange, bucket.get(name, param('generation')), fault);
    else sendObject(response, bucket.get(name, param('generation')), fault);
  }

  async function list({ response, url }: Exchange): Promise<void> {
    if (await misbehave(response, takeFault('list'))) return;
    const prefix = url.searchParams.get('prefix') ?? '';
    const [most, after] = [
      Number(url.searchParams.get('maxResults') ?? 1_000),
      url.searchParams.get('pageToken') ?? '',
    ];
    const found = [...bucket.objects.values()]
      .filter(({ name }) => name.startsWith(prefix) && name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const items = found.slice(0, most);
    sendJson(response, 200, {
      kind: 'storage#objects',
      ...(items.length > 0 && { items: items.map(resourceOf) }),
      ...(found.length > most && { nextPageToken: items.at(-1)!.name }),
    });
  }

  /** Whether the fault is all the answer there is. */
  async function misbehave(response: ServerResponse, fault: Fault | undefined): Promise<boolean> {
    if (fault === undefined || (typeof fault === 'string' && fault !== 'silence')) return false;
    if (fault === 'silence') return true;
    sendFault(response, new ApiFault(fault.status, fault.reason ?? 'injected', fault.message ?? 'Injected.'));
    return true;
  }

  function sendObject(response: ServerResponse, object: StoredObject, fault: Fault | undefined): void {
    if (fault === 'cut-late') return void response.socket!.destroy();
    const resource = resourceOf(object);
    const wrong = { md5Hash: 'AAAAAAAAAAAAAAAAAAAAAA==', crc32c: 'AAAAAA==' };
    sendJson(response, 200, fault === 'wrong-checksum' ? { ...resource, ...wrong } : resource);
  }

  const resourceOf = ({ name, bytes, contentType, generation, md5Hash, crc32c }: StoredObject) => ({
    kind: 'storage#object',
    id: `${bucketName}/${name}/${generation}`,
    bucket: bucketName,
    name,
    contentType,
    generation,
    metageneration: '1',
    size: `${bytes.length}`,
    md5Hash,
    crc32c,
  });

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof ApiFault) sendFault(response, error);
      else response.destroy(error as Error);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucketName,
    bucket,
    calls,
    chunkBytes: () => chunkBytes,
    inject(call, fault, { times = 1, after = 0 } = {}) {
      for (let n = 0; n < times; n++) faults.push({ call, fault, after: n === 0 ? after : 0 });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

/** The body, or about its first `most` bytes. */
async function read(request: IncomingMessage, most = Infinity): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length >= most) break;
  }
  return Buffer.concat(parts);
}

/** The two parts of a multipart/related body: what the object is, and its bytes. */
function partsOf(body: Buffer, contentType: string): { claims: ObjectClaims; bytes: Buffer } {
  const boundary = `--${/boundary=([^;]+)/.exec(contentType)![1]}`;
  const second = body.indexOf(boundary, boundary.length);
  const last = body.lastIndexOf(`${boundary}--`);
  const afterHead = (from: number) => body.indexOf('\r\n\r\n', from) + 4;
  const [, type] = /content-type: (.+)\r\n/i.exec(body.toString('latin1', second, afterHead(second)))!;
  const claims = JSON.parse(body.toString('utf8', afterHead(0), second)) as ObjectClaims;
  return {
    claims: { ...claims, contentType: claims.contentType ?? type! },
    bytes: Buffer.from(body.subarray(afterHead(second), last - 2)),
  };
}

function sendMedia(
  { request, response, url }: Exchange,
  object: StoredObject,
  fault: Fault | undefined,
): void {
  const { bytes, generation, md5Hash, crc32c, contentType } = object;
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(first ?? 0);
  const end = Math.min(last ? Number(last) : Infinity, bytes.length - 1);
  if (first !== undefined && start > end)
    throw new ApiFault(416, 'requestedRangeNotSatisfiable', 'Request range not satisfiable');
  const part = Buffer.from(bytes.subarray(start, end + 1));
  if (fault === 'corrupt') part[part.length >> 1]! ^= 1;
  const disposition = url.searchParams.get('response-content-disposition');
  response.writeHead(first === undefined ? 200 : 206, {
    'content-type': url.searchParams.get('response-content-type') ?? contentType,
    ...(disposition !== null && { 'content-disposition': disposition }),
    'content-length': part.length,
    'accept-ranges': 'bytes',
    etag: `"${Buffer.from(md5Hash, 'base64').toString('hex')}"`,
    'x-goog-generation': generation,
    'x-goog-hash': `crc32c=${crc32c},md5=${md5Hash}`,
    'x-goog-stored-content-encoding': 'identity',
    ...(first !== undefined && { 'content-range': `bytes ${start}-${end}/${bytes.length}` }),
  });
  if (fault === 'cut') response.write(part.subarray(0, part.length >> 1), () => response.destroy());
  else response.end(part);
}

/** How far a resumable upload has come. */
function sendProgress(response: ServerResponse, bytes: number): void {
  response.writeHead(308, { 'content-length': 0, ...(bytes > 0 && { range: `bytes=0-${bytes - 1}` }) }).end();
}

function sendFault(response: ServerResponse, { status, reason, message }: ApiFault): void {
  const errors = [{ domain: 'global', reason, message }];
  sendJson(response, status, { error: { code: status, message, errors } });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(text);
}
