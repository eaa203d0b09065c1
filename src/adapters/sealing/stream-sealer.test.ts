import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';

import { createMemoryUserKeys } from '../../../test/support/memory-user-keys.ts';
import type { KeyEncryptionKey } from '../../ports/sealer.ts';
import { createDataKeys } from './data-keys.ts';
import { createSealer } from './sealer.ts';
import { createStreamSealer } from './stream-sealer.ts';

const chunk = 64 << 10;
const sealedChunk = chunk + 16;

/** Wraps by naming the context: enough to see that it is asked for. */
function plainKek(name: string): KeyEncryptionKey {
  return {
    id: () => name,
    knows: () => true,
    wrap: async (key, context) => ({ wrapped: Buffer.concat([Buffer.from(context), key]), kekId: name }),
    async unwrap(wrapped, context) {
      expect(wrapped.subarray(0, -32).toString()).toBe(context);
      return Buffer.from(wrapped.subarray(-32));
    },
  };
}

const userKeys = createMemoryUserKeys();
const dataKeys = createDataKeys({ userKeys, kek: plainKek('one') });
const stream = createStreamSealer(dataKeys);
const sealer = createSealer(dataKeys);

const asStored = (sealed: Buffer) => ({
  bytes: sealed.length,
  read: async ({ start, end }: { start: number; end: number }) =>
    Readable.from([sealed.subarray(start, end + 1)], { objectMode: false }),
});
const open = async (sealed: Buffer, range?: { start: number; end: number }, user = 'ann', context = 'c') =>
  buffer(await stream.open(user, context, asStored(sealed), range));
const inPieces = (bytes: Buffer, piece = 100_000) =>
  Array.from({ length: Math.ceil(bytes.length / piece) }, (_, n) =>
    bytes.subarray(n * piece, (n + 1) * piece),
  );
const seal = async (plain: Buffer, piece?: number) =>
  buffer(await stream.seal('ann', 'c', Readable.from(inPieces(plain, piece))));
const unreadable = { code: 'sealed_unreadable' };

describe('a sealed stream', () => {
  it('closes what it is made of when it is broken off, and needs a key', async () => {
    const closed = (source: Readable) => once(source, 'close', { signal: AbortSignal.timeout(5_000) });
    const { promise: letGo, resolve } = Promise.withResolvers<void>();
    async function* endless() {
      try {
        for (;;) yield Buffer.alloc(chunk);
      } finally {
        resolve();
      }
    }
    let bytes = 0;
    for await (const part of await stream.seal('ann', 'c', endless())) {
      bytes += (part as Buffer).length;
      if (bytes > sealedChunk) break;
    }
    await letGo;

    const stored = asStored(await seal(Buffer.alloc(10)));
    let sealed: Readable | undefined;
    const read = async (range: { start: number; end: number }) => (sealed = await stored.read(range));
    const opened = await stream.open('ann', 'c', { ...stored, read });
    opened.destroy();
    await closed(sealed!);

    const lost = createStreamSealer({ ...dataKeys, current: () => Promise.reject(new Error('no key')) });
    await expect(lost.seal('ann', 'c', endless())).rejects.toThrow('no key');
  });

  it('is made and opened a piece in a turn of the event loop, however many are under way', async () => {
    let turns = 0;
    let counting = setImmediate(function count() {
      turns += 1;
      counting = setImmediate(count);
    });
    const pieces = 10;
    const plain = Buffer.alloc(pieces * 100_000);
    const turnsOf = async (work: () => Promise<unknown>) => {
      const before = turns;
      await Promise.all(Array.from({ length: 8 }, work));
      return turns - before;
    };
    const sealed = await seal(plain);
    const read = async ({ start, end }: { start: number; end: number }) =>
      Readable.from(inPieces(sealed.subarray(start, end + 1)));
    try {
      expect(await turnsOf(() => seal(plain))).toBeGreaterThanOrEqual(8 * pieces);
      const opened = () => stream.open('ann', 'c', { bytes: sealed.length, read });
      expect(await turnsOf(async () => buffer(await opened()))).toBeGreaterThanOrEqual(8 * pieces);
    } finally {
      clearImmediate(counting);
    }
  });

  it.each([
    0,
    1,
    chunk - 1,
    chunk,
    chunk + 1,
    2 * chunk,
    3 * chunk + 7,
  ])('opens to its %i bytes', async (n) => {
    const plain = randomBytes(n);
    const sealed = await seal(plain, 30_001);
    expect(sealed.length).toBe(stream.headerBytes + n + 16 * Math.max(1, Math.ceil(n / chunk)));
    expect((await open(sealed)).equals(plain)).toBe(true);
  });

  it.each([
    [0, 0],
    [chunk - 1, chunk],
    [chunk, 2 * chunk - 1],
    [2 * chunk + 5, 3 * chunk + 6],
    [10, 10_000_000],
  ])('opens from %i to %i', async (start, end) => {
    const plain = randomBytes(3 * chunk + 7);
    expect((await open(await seal(plain), { start, end })).equals(plain.subarray(start, end + 1))).toBe(true);
  });

  describe('does not open when it was', () => {
    const plain = randomBytes(3 * chunk + 7);
    let sealed: Buffer;
    beforeAll(async () => {
      sealed = await seal(plain);
    });
    const part = (n: number) =>
      sealed.subarray(stream.headerBytes + n * sealedChunk, stream.headerBytes + (n + 1) * sealedChunk);
    const head = () => sealed.subarray(0, stream.headerBytes);

    it.each([
      ['reordered', () => [head(), part(1), part(0), part(2), part(3)]],
      ['robbed of a chunk', () => [head(), part(0), part(2), part(3)]],
      ['cut at a chunk', () => [head(), part(0), part(1), part(2)]],
      ['cut within a chunk', () => [sealed.subarray(0, -1)]],
      ['cut to its header', () => [head()]],
      ['cut to less', () => [sealed.subarray(0, 20)]],
      ['appended to', () => [sealed, Buffer.alloc(1)]],
      ['appended a chunk', () => [sealed, part(1)]],
      ['given the chunk of another place twice', () => [head(), part(0), part(0), part(2), part(3)]],
    ])('%s', async (_name, parts) => {
      await expect(open(Buffer.concat(parts()))).rejects.toMatchObject(unreadable);
    });

    it('changed in any part of the header or in a tag', async () => {
      for (const at of [
        0,
        8,
        14,
        20,
        50,
        stream.headerBytes - 1,
        stream.headerBytes + chunk,
        sealed.length - 1,
      ]) {
        const changed = Buffer.from(sealed);
        changed[at]! ^= 1;
        await expect(open(changed), `${at}`).rejects.toMatchObject(unreadable);
      }
    });

    it('moved to another place or user', async () => {
      await expect(open(sealed, undefined, 'ann', 'd')).rejects.toMatchObject(unreadable);
      await expect(open(sealed, undefined, 'bob')).rejects.toMatchObject(unreadable);
    });
  });
});

describe('a sealed text', () => {
  it('opens where it belongs, and nowhere else', async () => {
    const sealed = await sealer.seal('ann', 'jobs.request/1', Buffer.from('words'));
    expect((await sealer.open('ann', 'jobs.request/1', sealed)).toString()).toBe('words');
    await expect(sealer.open('ann', 'jobs.request/2', sealed)).rejects.toMatchObject(unreadable);
    await expect(sealer.open('bob', 'jobs.request/1', sealed)).rejects.toMatchObject(unreadable);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      await expect(sealer.open('ann', 'jobs.request/1', changed)).rejects.toMatchObject(unreadable);
    }
  });
});

describe('data keys', () => {
  it('are wrapped anew and begun anew, and open what older ones sealed', async () => {
    const keys = createMemoryUserKeys();
    const before = createSealer(createDataKeys({ userKeys: keys, kek: plainKek('one') }));
    const old = await before.seal('ann', 'c', Buffer.from('old'));
    await before.seal('bob', 'c', Buffer.from('old'));

    const rotating = createDataKeys({ userKeys: keys, kek: plainKek('two') });
    expect(await rotating.rewrapAll()).toBe(2);
    expect(await rotating.rewrapAll()).toBe(0);
    expect(keys.rows.map(({ kekId }) => kekId)).toEqual(['two', 'two']);
    expect(await rotating.renewAll()).toBe(2);
    const after = createSealer(rotating);
    const fresh = await after.seal('ann', 'c', Buffer.from('new'));
    expect(fresh.readUIntBE(1, 6)).toBeGreaterThan(old.readUIntBE(1, 6));
    expect((await after.open('ann', 'c', old)).toString()).toBe('old');
    expect((await after.open('ann', 'c', fresh)).toString()).toBe('new');
  });

  it('are remembered for five minutes', async () => {
    const keys = createMemoryUserKeys();
    let nowMs = 0;
    const remembered = createDataKeys({ userKeys: keys, kek: plainKek('one'), now: () => nowMs });
    const { version } = await remembered.current('ann');
    // Behind its back, and without a word.
    keys.rows.length = 0;
    nowMs = 299_999;
    expect((await remembered.current('ann')).version).toBe(version);
    nowMs = 300_001;
    expect((await remembered.current('ann')).version).not.toBe(version);
  });

  it('refuse to begin when the key that wrapped them is not here', async () => {
    const kek = { ...plainKek('one'), knows: () => false };
    await createDataKeys({ userKeys, kek }).current('ann');
    await expect(createDataKeys({ userKeys, kek }).check()).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
