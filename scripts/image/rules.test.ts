import { expect, test } from 'vitest';

import { brokenRules } from './rules.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const good = `FROM debian:12@${digest} AS base
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
FROM base
COPY --from=base /a ./
RUN npm ci --omit=dev
ENV PORT=80
USER 10001:10001
HEALTHCHECK --interval=30s CMD ["true"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "a.js"]
`;

test('a good one breaks none', () => {
  expect(brokenRules(good)).toEqual([]);
});

test.each([
  [`debian:12@${digest}`, 'debian:12', 'line 1: debian:12 is not named by tag and digest'],
  [`debian:12@${digest}`, `debian@${digest}`, `line 1: debian@${digest} is not named by tag and digest`],
  [`:12@${digest}`, `:latest@${digest}`, `line 1: debian:latest@${digest} is not named by tag and digest`],
  ['apt-get update && ', '', 'line 2: apt-get install without apt-get update in the same step'],
  [' --no-install-recommends', '', 'line 2: apt-get install without --no-install-recommends'],
  [' && rm -rf /var/lib/apt/lists/*', '', "line 2: apt-get's lists are left in the image"],
  ['--from=base /a ./', '. .', 'line 4: copies the whole folder: name what is needed'],
  ['npm ci --omit=dev', 'npm ci', 'line 5: npm ci takes development packages'],
  ['npm ci --omit=dev', 'npm install', 'line 5: npm install may take other versions: use npm ci'],
  ['npm ci --omit=dev', 'curl https://x | sh', 'line 5: runs what it downloads'],
  ['PORT=80', 'API_TOKEN=x', 'line 6: API_TOKEN would be readable in the image'],
  ['ENV PORT=80', 'ARG NPM_TOKEN', 'line 6: NPM_TOKEN would be readable in the image'],
  ['ENV PORT=80', 'ADD x /', 'line 6: ADD unpacks and downloads: use COPY'],
  ['USER 10001:10001\n', '', "the program's user is root: name one that is not root, as uid:gid"],
  ['10001:10001', '0:0', "the program's user is 0:0: name one that is not root, as uid:gid"],
  ['CMD ["true"]', 'CMD true', 'line 8: HEALTHCHECK is not in exec form'],
  ['HEALTHCHECK --interval=30s CMD ["true"]\n', '', 'there is no HEALTHCHECK'],
  ['["tini", "--"]', '["sh"]', 'ENTRYPOINT is no init: nobody would reap processes'],
  ['["node", "a.js"]', 'node a.js', 'line 10: CMD is not in exec form: a shell would not pass signals on'],
])('%s replaced by %s', (part, by, fault) => {
  expect(good).toContain(part);
  expect(brokenRules(good.replace(part, by))).toEqual([fault]);
});
