import { describe, expect, it } from 'vitest';

import { readConfig } from './config.ts';

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({}, {})).toMatchObject({ port: 8787, roles: { api: true, worker: true } });
  });

  it('takes an empty variable for one that is not set, and overrides before the environment', () => {
    expect(readConfig({ AIPROD_PORT: '1' }, { AIPROD_PORT: '2', AIPROD_ROLE: '' }).port).toBe(1);
  });

  it('names everything that is wrong at once, misspelt settings too', () => {
    const wrong = {
      AIPROD_PORT: 'abc',
      AIPROD_JOBS_AT_ONCE: '1.5',
      AIPROD_PROT: '1',
      DATABASE_URL: 'mysql://x',
    };
    expect(() => readConfig({}, wrong)).toThrow(
      'The configuration is not valid. AIPROD_PORT: must be a number; ' +
        'DATABASE_URL: must start with postgres:// or postgresql://; ' +
        'AIPROD_JOBS_AT_ONCE: must be a whole number; AIPROD_PROT: there is no such setting',
    );
  });

  it('takes makers in their order, each once', () => {
    expect(readConfig({}, {}).providers.order.voice).toEqual(['offline']);
    for (const wrong of ['nobody', 'offline,offline', ''.padEnd(3, ',')])
      expect(() => readConfig({}, { AIPROD_VOICE: wrong })).toThrow('AIPROD_VOICE: must be a list of');
  });

  it('leaves the variables of others alone', () => {
    expect(() => readConfig({}, { PORT: 'x', AIPROD_TEST_DATABASE_URL: 'x' })).not.toThrow();
  });
});
