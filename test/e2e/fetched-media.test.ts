// Jobs whose scenes show what a URL gives, from an https server of the test's own: what arrives is shown, and of what
// does not arrive the user is told what to do.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { decodeVideo } from '../support/decode-video.ts';
import { type MediaHost, openMediaHost } from '../support/media-host.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { finished } from '../support/small-job.ts';
import { encodeBar, sideOf, twoColours } from '../support/user-media.ts';

const png = twoColours(640, 360);
let folder: string;
let clip: Buffer;
let brokenOff = 0;
let host: MediaHost;
let server: ServerProcess;

const answers: Record<string, RequestListener> = {
  '/picture.png': (_, response) => response.end(png),
  '/clip.mp4': (_, response) => response.setHeader('content-type', 'text/plain').end(clip),
  '/breaks-off-once.png': (_, response) => {
    if (brokenOff++ > 0) response.end(png);
    else response.write(png.subarray(0, 100), () => response.destroy());
  },
  '/endless.png': (_, response) => {
    response.write(png);
    const more = () => {
      while (!response.destroyed) {
        if (!response.write(Buffer.alloc(1_000_000))) return void response.once('drain', more);
      }
    };
    more();
  },
  '/page': (_, response) => response.end('<!doctype html><title>A gallery</title>'.repeat(9)),
  '/silent.png': () => {},
  '/moved.png': (_, response) => response.writeHead(302, { location: '/picture.png' }).end(),
  '/private.png': (_, response) => response.writeHead(403).end(),
  '/cut-short.png': (_, response) => response.end(png.subarray(0, png.length / 2)),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-fetched-'));
  await encodeBar(join(folder, 'bar.mp4'), { width: 320, height: 180, fps: 24, frames: 24 });
  clip = await readFile(join(folder, 'bar.mp4'));
  host = await openMediaHost(answers);
  const { program, environment } = host.fetching;
  const env = { ...environment, AIPROD_DATA: join(folder, 'data'), AIPROD_MAX_RETRIES: '0' };
  server = await startServerProcess(env, undefined, program);
});
afterAll(async () => {
  await server.stop();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

const quick = { style: 'corporate', resolution: '720p', fps: 24, captions: { enabled: false } };

async function make(paths: string[], rest: Record<string, unknown> = {}) {
  const scenes = paths.map((path, index) => ({
    text: `This is picture number ${index + 1}.`,
    media: { url: `${host.origin}${path}` },
  }));
  const { job_id: jobId } = await createApiClient(server.url).create({ ...quick, ...rest, scenes });
  return finished(server.url, jobId);
}

test('what a URL gives is shown, fetched once for the job, and again when it broke off', async () => {
  const shown = ['/picture.png', '/clip.mp4', '/breaks-off-once.png', '/picture.png'];
  const job = await make(shown);
  expect(job.error).toBeNull();
  expect(job).toMatchObject({ status: 'completed', degradations: [] });
  expect(host.asked.toSorted()).toEqual([
    '/breaks-off-once.png',
    '/breaks-off-once.png',
    '/clip.mp4',
    '/picture.png',
  ]);

  const files = `${server.url}/v1/videos/${job.job_id}/files`;
  const manifest = (await (await fetch(`${files}/manifest.json`)).json()) as {
    media: { supplied: Record<string, { source: { url: string }; media_type: string }> };
  };
  const { supplied } = manifest.media;
  expect(Object.values(supplied).map(({ source }) => source.url)).toEqual(
    shown.map((path) => `${host.origin}${path}`),
  );
  expect(supplied.s02!.media_type).toBe('video/mp4');

  const video = join(folder, 'video.mp4');
  await writeFile(video, new Uint8Array(await (await fetch(`${files}/video.mp4`)).arrayBuffer()));
  const sides: string[] = [];
  await decodeVideo(
    video,
    (index) => index === 30,
    (_, { u, width, height }) => {
      const chroma = u.subarray((height / 4) * (width / 2), (height / 4 + 1) * (width / 2));
      sides.push(sideOf(chroma[20]!), sideOf(chroma[width / 2 - 20]!));
    },
  );
  expect(sides).toEqual(['left', 'right']);
}, 120_000);

const faults: [path: string, cause: RegExp, remedy: RegExp][] = [
  ['/missing.png', /nothing is there, the server answered 404/, /Check the URL for mistakes/],
  ['/endless.png', /more than 25 MB/, /Make it smaller: images may have 25 MB, clips 200 MB/],
  ['/page', /neither an image nor a clip/, /address of the file itself.*PNG, JPEG, WebP, MP4/],
  ['/silent.png', /the server said nothing for 1.5 s/, /Try again later, or upload the file/],
  ['/moved.png', /redirects to another/, /give the address of the file that it ends at/],
  ['/private.png', /not public, the server answered 403/, /opens without a login, or upload/],
  ['/cut-short.png', /damaged or incomplete/, /\w/],
];

test('a scene whose media cannot be had is painted, and the user is told why and what to do', async () => {
  host.asked.length = 0;
  const job = await make(faults.map(([path]) => path));
  expect(job.status).toBe('completed');
  const degradations = job.degradations.toSorted((a, b) => (a.cause < b.cause ? -1 : 1));
  expect(degradations).toEqual(
    faults.map(([, cause, remedy], index) => ({
      capability: 'pictures',
      cause: expect.stringMatching(new RegExp(`^Scene s0${index + 1} was painted .*${cause.source}`)),
      remedy: expect.stringMatching(remedy),
    })),
  );
  const times = (path: string) => host.asked.filter((each) => each === path).length;
  // Only silence may pass.
  expect(faults.map(([path]) => times(path))).toEqual([1, 1, 1, 2, 1, 1, 1]);
}, 120_000);

test.each([
  ['/missing.png', 'media_refused', /^Scene s02 cannot show its media\..*404/, /Check the URL/],
  ['/silent.png', 'media_unreachable', /^Scene s02 cannot show its media\..*nothing/, /Try again later/],
  ['/cut-short.png', 'media_unreadable', /^Scene s02 cannot show its media\..*damaged/, /\w/],
])(
  'with strict, %s fails the job as %s',
  async (path, code, detail, hint) => {
    expect(await make(['/picture.png', path], { strict: true })).toMatchObject({
      status: 'failed',
      error: {
        code,
        stage: 'illustrate',
        detail: expect.stringMatching(detail),
        hint: expect.stringMatching(hint),
      },
    });
  },
  60_000,
);
