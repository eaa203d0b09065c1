// A sealer with a key of the test's own: AES-256-GCM bound to user and context, as the port asks.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import type { Sealer } from '../../src/ports/sealer.ts';

export function createTestSealer(): Sealer {
  const key = randomBytes(32);
  return {
    async seal(userId, context, plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(`${userId}\n${context}`));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    async open(userId, context, sealed) {
      const all = Buffer.from(sealed);
      const decipher = createDecipheriv('aes-256-gcm', key, all.subarray(0, 12));
      decipher.setAAD(Buffer.from(`${userId}\n${context}`)).setAuthTag(all.subarray(-16));
      return Buffer.concat([decipher.update(all.subarray(12, -16)), decipher.final()]);
    },
  };
}
