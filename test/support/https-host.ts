// An https server on this machine that plays a host of the public internet, with a certificate of its own.
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { makeCertificate } from './certificate.ts';

export interface HttpsHost {
  port: number;
  /** To trust when it is asked, PEM. */
  cert: string;
  close(): Promise<void>;
}

export async function openHttpsHost(name: string, listener: RequestListener): Promise<HttpsHost> {
  const { key, cert } = makeCertificate(name);
  const server = createServer({ key, cert }, listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    cert,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
