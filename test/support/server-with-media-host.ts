// The real server, given a fetcher that finds the test's media host where it would find the public internet, and is less
// patient. Everything else of it is as in production: TLS, limits, sniffing.
import { createMediaFetcher } from '../../src/adapters/https/media-fetcher.ts';
import { runUntilSignal } from '../../src/main.ts';

const { MEDIA_HOST_PORT: port, MEDIA_HOST_CERTIFICATE: ca } = process.env;

await runUntilSignal(
  {},
  {
    mediaFetcher: createMediaFetcher({
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      allows: (address) => address === '127.0.0.1',
      port: Number(port),
      ca: ca!,
      idleMs: 1_500,
    }),
  },
);
