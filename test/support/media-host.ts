// A host with users' media, and what a server process needs to find it.
import type { RequestListener } from 'node:http';
import { resolve } from 'node:path';

import { openHttpsHost } from './https-host.ts';

export interface MediaHost {
  /** `https://media.example.com`, which the program of `fetching` finds here. */
  origin: string;
  /** Paths that were asked for, in order. */
  asked: string[];
  /** Options for `startServerProcess`: a server whose fetcher was given this host. */
  fetching: { program: string; environment: Record<string, string> };
  close(): Promise<void>;
}

const host = 'media.example.com';

/** `answers`: by path. Whatever else is asked for is not there. */
export async function openMediaHost(answers: Record<string, RequestListener>): Promise<MediaHost> {
  const asked: string[] = [];
  const { port, cert, close } = await openHttpsHost(host, (request, response) => {
    asked.push(request.url!);
    const answer = answers[request.url!];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  return {
    origin: `https://${host}`,
    asked,
    fetching: {
      program: resolve(import.meta.dirname, 'server-with-media-host.ts'),
      environment: { MEDIA_HOST_PORT: `${port}`, MEDIA_HOST_CERTIFICATE: cert },
    },
    close,
  };
}
