// Sends requests on loopback: at a steady pace for their times, or as fast as they are answered for throughput.
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Call {
  method?: 'GET' | 'POST';
  path: string;
  body?: string;
}

export interface Target {
  url: string;
  headers: Record<string, string>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Resolves with how long the answer took, ms. Throws when it is no success. */
export function send({ url, headers }: Target, { method = 'GET', path, body }: Call): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const startedAt = performance.now();
  const sent = request(
    new URL(path, url),
    {
      agent,
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    },
    (answer) => {
      answer.resume().on('end', () => {
        const { statusCode = 0 } = answer;
        if (statusCode >= 200 && statusCode < 300) resolve(performance.now() - startedAt);
        else reject(new Error(`${method} ${path} answered ${statusCode}`));
      });
    },
  );
  sent.on('error', reject).end(body);
  return promise;
}

/** Times of each kind in ms: `perSecond` of each for `seconds`, whether or not earlier ones were answered. */
export async function pace<Kind extends string>(
  target: Target,
  calls: Record<Kind, () => Call>,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Record<Kind, number[]>> {
  const kinds = Object.keys(calls) as Kind[];
  const tookMs = Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Record<Kind, number[]>;
  const pending: Promise<unknown>[] = [];
  const note = (kind: Kind, asked: Promise<number>) => {
    const noted = asked.then((ms) => tookMs[kind].push(ms));
    // Told of below.
    noted.catch(() => {});
    pending.push(noted);
  };
  for (let tick = 0; tick < seconds * perSecond; tick++) {
    for (const kind of kinds) note(kind, send(target, calls[kind]()));
    await delay(1000 / perSecond);
  }
  // All of them have ended before any failure is told: the caller may stop the server then.
  const failed = (await Promise.allSettled(pending)).find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
  return tookMs;
}

/** Answers per second, with `places` callers that each ask again when answered. */
export async function throughput(
  target: Target,
  call: Call,
  { places = 16, ms = 2_000 } = {},
): Promise<number> {
  const until = performance.now() + ms;
  let answered = 0;
  await Promise.all(
    Array.from({ length: places }, async () => {
      while (performance.now() < until) {
        await send(target, call);
        answered += 1;
      }
    }),
  );
  return (answered * 1000) / ms;
}
