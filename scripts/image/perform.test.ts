// Without RUN, which needs root: npm run prove-image performs those.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { type Image, performDockerfile } from './perform.ts';

const settings = `FROM debian:12 AS base
WORKDIR /app
ENV PORT=80 NAME="two words"
FROM base
COPY --from=base /etc/name ./
VOLUME ["/data"]
USER 7:8
HEALTHCHECK --interval=3s CMD ["check", "it"]
ENTRYPOINT ["init"]
CMD ["run"]
`;

test('settings go from stage to stage, files from folder to folder', async () => {
  const { image, steps } = await perform(settings);
  const { root, ...rest } = image;
  expect(rest).toEqual({
    env: { PORT: '80', NAME: 'two words' },
    workdir: '/app',
    user: '7:8',
    volumes: ['/data'],
    entrypoint: ['init'],
    command: ['run'],
    healthCheck: ['check', 'it'],
  });
  expect(readFileSync(join(root, 'app/name'), 'utf8')).toBe('debian:12');
  expect(steps).toHaveLength(10);
});

test('what the project has is copied without what is kept out; links stay links', async () => {
  const { image } = await perform('FROM debian:12\nWORKDIR /app\nCOPY src src\nCOPY a.txt b.txt lib/\n');
  const names = readdirSync(join(image.root, 'app'), { recursive: true, encoding: 'utf8' });
  expect(names.sort()).toEqual(['lib', 'lib/a.txt', 'lib/b.txt', 'src', 'src/kept.ts', 'src/link']);
  expect(readFileSync(join(image.root, 'app/src/link'), 'utf8')).toBe('kept');
});

test('a folder that is copied onto one adds to it', async () => {
  const { image } = await perform(
    'FROM debian:12 AS one\nCOPY a.txt /x/\nFROM one\nCOPY --from=one /etc /x\n',
  );
  expect(readdirSync(join(image.root, 'x')).sort()).toEqual(['a.txt', 'name']);
});

test.each([
  ['ADD a.txt /', 'line 2: how to perform ADD is not known'],
  ['RUN --mount=type=cache,target=/x true', 'line 2: how to perform --mount is not known'],
  ['COPY --chown=1:1 a.txt /', 'line 2: how to perform --chown is not known'],
  ['COPY --from=other /a /b', 'line 2: no stage is named other'],
  ['COPY a.txt b.txt /lib', 'line 2: /lib must end with /'],
  ['COPY a.txt /etc', 'is a folder'],
  ['COPY kept-out.txt /', 'is kept out by .dockerignore'],
  ['CMD run it', 'line 2: not in exec form: run it'],
])('%s is refused', async (instruction, message) => {
  await expect(perform(`FROM debian:12\n${instruction}\n`)).rejects.toThrow(message);
});

async function perform(text: string): Promise<{ image: Image; steps: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'aiprod-perform-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const context = join(folder, 'project');
  mkdirSync(join(context, 'src'), { recursive: true });
  for (const name of ['a.txt', 'b.txt', 'kept-out.txt']) writeFileSync(join(context, name), name);
  writeFileSync(join(context, 'src/kept.ts'), 'kept');
  writeFileSync(join(context, 'src/kept.test.ts'), 'kept out');
  symlinkSync('kept.ts', join(context, 'src/link'));
  const steps: string[] = [];
  const image = await performDockerfile(text, {
    context,
    keptOut: (path) => path.includes('.test.') || path === 'kept-out.txt',
    folder: join(folder, 'stages'),
    async layBase(name, root) {
      mkdirSync(join(root, 'etc'));
      writeFileSync(join(root, 'etc/name'), name);
    },
    network: { env: {}, files: {} },
    onStep: (step) => steps.push(step),
  });
  return { image, steps };
}
