// Seals short texts: format byte, version of the data key, nonce, what AES-256-GCM made of the text, its tag.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import { AppError } from '../../domain/errors.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { DataKeys } from './data-keys.ts';

const format = 1;
const versionBytes = 6;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + versionBytes + nonceBytes;
const noSalt = new Uint8Array();

export function createSealer(dataKeys: Pick<DataKeys, 'current' | 'get'>): Sealer {
  return {
    async seal(userId, context, plain) {
      const dataKey = await dataKeys.current(userId);
      const head = Buffer.alloc(1 + versionBytes);
      head.writeUInt8(format);
      head.writeUIntBE(dataKey.version, 1, versionBytes);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', dataKey.derive('aiprod/record', noSalt), nonce);
      cipher.setAAD(associated(context, userId, head));
      return Buffer.concat([head, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },

    async open(userId, context, given) {
      const sealed = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      if (sealed.length < headBytes + tagBytes || sealed[0] !== format) throw unreadable();
      const head = sealed.subarray(0, 1 + versionBytes);
      const dataKey = await dataKeys.get(userId, sealed.readUIntBE(1, versionBytes));
      const decipher = createDecipheriv(
        'aes-256-gcm',
        dataKey.derive('aiprod/record', noSalt),
        sealed.subarray(1 + versionBytes, headBytes),
        { authTagLength: tagBytes },
      );
      decipher.setAAD(associated(context, userId, head));
      decipher.setAuthTag(sealed.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(headBytes, -tagBytes)), decipher.final()]);
      } catch (error) {
        throw unreadable(error);
      }
    },
  };
}

/** What it is, whose, and which key: each with its length before it, so that none runs into the next. */
export function associated(context: string, userId: string, head: Uint8Array): Buffer {
  return Buffer.concat(
    [Buffer.from(context), Buffer.from(userId), head].flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

export function unreadable(cause?: unknown): AppError {
  return new AppError('sealed_unreadable', 'Stored data cannot be decrypted: it was changed or moved.', {
    cause,
  });
}
