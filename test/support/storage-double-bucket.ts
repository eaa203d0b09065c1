// What a bucket of the double holds: objects with generations and checksums, and uploads that are under way.
import { createHash, randomUUID } from 'node:crypto';

export interface StoredObject {
  name: string;
  bytes: Buffer;
  contentType: string;
  generation: string;
  md5Hash: string;
  crc32c: string;
}

/** What the uploader says of the object beforehand. */
export interface ObjectClaims {
  contentType?: string;
  md5Hash?: string;
  crc32c?: string;
}

/** An answer that is no success, as the JSON API words it. */
export class ApiFault extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

interface Session {
  name: string;
  claims: ObjectClaims;
  ifGenerationMatch: string | undefined;
  received: Buffer;
  /** What came of it. */
  made: StoredObject | undefined;
}

export function createBucket(bucketName: string) {
  const objects = new Map<string, StoredObject>();
  const sessions = new Map<string, Session>();
  let lastGeneration = Date.now() * 1000;

  function checkGeneration(name: string, wanted: string | undefined): void {
    if (wanted === undefined || (objects.get(name)?.generation ?? '0') === wanted) return;
    throw new ApiFault(
      412,
      'conditionNotMet',
      'At least one of the pre-conditions you specified did not hold.',
    );
  }

  function get(name: string, generation?: string): StoredObject {
    const found = objects.get(name);
    if (found !== undefined && (generation === undefined || generation === found.generation)) return found;
    throw new ApiFault(404, 'notFound', `No such object: ${bucketName}/${name}`);
  }

  function create(
    name: string,
    bytes: Buffer,
    claims: ObjectClaims,
    ifGenerationMatch: string | undefined,
  ): StoredObject {
    checkGeneration(name, ifGenerationMatch);
    const sums = { md5Hash: createHash('md5').update(bytes).digest('base64'), crc32c: crc32cOf(bytes) };
    for (const [claim, kind] of [
      ['md5Hash', 'MD5'],
      ['crc32c', 'CRC32C'],
    ] as const) {
      if (claims[claim] === undefined || claims[claim] === sums[claim]) continue;
      const detail = `Provided ${kind} hash "${claims[claim]}" doesn't match calculated ${kind} hash "${sums[claim]}".`;
      throw new ApiFault(400, 'invalid', detail);
    }
    lastGeneration += 1;
    const contentType = claims.contentType ?? 'application/octet-stream';
    const made = { name, bytes, contentType, generation: `${lastGeneration}`, ...sums };
    objects.set(name, made);
    return made;
  }

  return {
    objects,
    get,
    create,
    remove(name: string, ifGenerationMatch: string | undefined): void {
      get(name);
      checkGeneration(name, ifGenerationMatch);
      objects.delete(name);
    },

    openSession(name: string, claims: ObjectClaims, ifGenerationMatch: string | undefined): string {
      checkGeneration(name, ifGenerationMatch);
      const id = randomUUID();
      sessions.set(id, { name, claims, ifGenerationMatch, received: Buffer.alloc(0), made: undefined });
      return id;
    },
    /** How much of the upload has arrived for good. */
    sessionBytes: (id: string) => session(id).received.length,
    /** Takes what follows what it has; of a cut request only whole quarters of a mebibyte, as Cloud Storage does. */
    append(id: string, at: number, part: Buffer, whole: boolean): void {
      const open = session(id);
      if (at > open.received.length)
        throw new ApiFault(503, 'backendError', 'Bytes are missing before these.');
      const fresh = part.subarray(open.received.length - at);
      const kept = whole ? fresh : fresh.subarray(0, fresh.length - (fresh.length % quantum));
      open.received = Buffer.concat([open.received, kept]);
    },
    finish(id: string): StoredObject {
      const open = session(id);
      open.made = create(open.name, open.received, open.claims, open.ifGenerationMatch);
      return open.made;
    },
    madeBy: (id: string) => session(id).made,
  };

  function session(id: string): Session {
    const open = sessions.get(id);
    if (open === undefined) throw new ApiFault(404, 'notFound', 'There is no such upload.');
    return open;
  }
}

export type Bucket = ReturnType<typeof createBucket>;

const quantum = 256 << 10;

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC32C, big-endian, base64: as Cloud Storage writes it. */
export function crc32cOf(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  const answer = Buffer.alloc(4);
  answer.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return answer.toString('base64');
}
