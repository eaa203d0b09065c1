import { expect, test } from 'vitest';

import { assignments, execForm, readDockerfile } from './dockerfile.ts';

test('stages, flags, comments and continued lines', () => {
  const text = `# syntax is ours
FROM debian:12 AS base
RUN one \\
# a remark in between
 && two

FROM base
COPY --from=base --chmod=755 /a b/
`;
  expect(readDockerfile(text)).toEqual([
    {
      from: 'debian:12',
      name: 'base',
      line: 2,
      instructions: [{ name: 'RUN', flags: {}, text: 'one   && two', line: 3 }],
    },
    {
      from: 'base',
      name: undefined,
      line: 7,
      instructions: [{ name: 'COPY', flags: { from: 'base', chmod: '755' }, text: '/a b/', line: 8 }],
    },
  ]);
});

test('what stands before the first FROM is refused', () => {
  expect(() => readDockerfile('RUN x\nFROM y')).toThrow('line 1: RUN before the first FROM');
});

test('exec form is a list of texts, nothing else', () => {
  expect(execForm('["node", "a b"]')).toEqual(['node', 'a b']);
  for (const shell of ['node a', '["node", 1]', '{"a": 1}', "['node']"])
    expect(execForm(shell)).toBeUndefined();
});

test('assignments with and without quotes', () => {
  expect(assignments('A=1 org.x.title="Two words" C=')).toEqual({
    A: '1',
    'org.x.title': 'Two words',
    C: '',
  });
});
