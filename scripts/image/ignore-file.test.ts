import { expect, test } from 'vitest';

import { readIgnoreFile } from './ignore-file.ts';

test('what is not let in again stays out, with everything below', () => {
  const keptOut = readIgnoreFile('# all\n*\n!src\n!deploy/run\n**/*.test.ts\n');
  const paths = [
    '.git/config',
    'src',
    'src/a/b.ts',
    'src/a/b.test.ts',
    'x.test.ts',
    'deploy/run',
    'deploy/other',
  ];
  expect(paths.filter((path) => !keptOut(path))).toEqual(['src', 'src/a/b.ts', 'deploy/run']);
});

test('without lines everything is let in; points and brackets mean themselves', () => {
  expect(readIgnoreFile('')('.env')).toBe(false);
  const keptOut = readIgnoreFile('.env\na?c/\nb(1).txt');
  const paths = ['.env', 'xenv', 'abc/d', 'abbc', 'b(1).txt'];
  expect(paths.filter(keptOut)).toEqual(['.env', 'abc/d', 'b(1).txt']);
});
