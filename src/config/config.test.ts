import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listPrices } from '../domain/prices.ts';
import { readConfig } from './config.ts';

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({}, {})).toMatchObject({ port: 8787, roles: { api: true, worker: true } });
  });

  it('tells a port that was given from the one that is taken by default', () => {
    expect(readConfig({}, { AIPROD_ROLE: 'worker' })).toMatchObject({ port: 8787, portGiven: false });
    expect(readConfig({}, { AIPROD_PORT: '8787' })).toMatchObject({ port: 8787, portGiven: true });
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

  it('wants a database beside which there is a replica, or whose authority is named', () => {
    const replica = { AIPROD_DATABASE_REPLICA_URL: 'postgres://replica/x', AIPROD_DATABASE_CA: 'ca.pem' };
    expect(() => readConfig({}, replica)).toThrow(
      'AIPROD_DATABASE_REPLICA_URL: needs DATABASE_URL; AIPROD_DATABASE_CA: needs DATABASE_URL',
    );
    const { database } = readConfig({}, { ...replica, DATABASE_URL: 'postgres://primary/x' });
    expect(database).toMatchObject({ pool: 10, caFile: expect.stringMatching(/^\/.*\/ca\.pem$/) });
  });

  it('limits requests where a login is asked for, or where it is told to', () => {
    expect(readConfig({}, {}).http).toEqual({
      requestsPerMinute: undefined,
      trustedProxies: 0,
      corsOrigins: [],
    });
    expect(readConfig({}, { AIPROD_HOST: '0.0.0.0' }).http.requestsPerMinute).toBe(100);
    expect(readConfig({}, { AIPROD_LOGIN: 'required' }).http.requestsPerMinute).toBe(100);
    expect(readConfig({}, { AIPROD_REQUESTS_PER_MINUTE: '7' }).http.requestsPerMinute).toBe(7);
    expect(() => readConfig({}, { AIPROD_REQUESTS_PER_MINUTE: '0' })).toThrow('AIPROD_REQUESTS_PER_MINUTE');
  });

  it('takes origins of other sites exactly as browsers write them', () => {
    const origins = (list: string) => readConfig({}, { AIPROD_CORS_ORIGINS: list }).http.corsOrigins;
    expect(origins('https://app.example.com, http://localhost:5173')).toEqual([
      'https://app.example.com',
      'http://localhost:5173',
    ]);
    const wrong = ['*', 'null', 'app.example.com', 'https://a.example/', 'https://A.example', 'file:///x'];
    for (const each of [...wrong, 'https://a.example:443', 'https://a.example,'])
      expect(() => origins(each), each).toThrow('AIPROD_CORS_ORIGINS: must be a comma-separated list');
  });

  it('takes makers in their order, each once', () => {
    expect(readConfig({}, {}).providers.order.voice).toEqual(['offline']);
    for (const wrong of ['nobody', 'offline,offline', ''.padEnd(3, ',')])
      expect(() => readConfig({}, { AIPROD_VOICE: wrong })).toThrow('AIPROD_VOICE: must be a list of');
  });

  it('takes an operator’s own prices from a file, and says what is wrong with it', () => {
    expect(readConfig({}, {}).providers.prices).toBe(listPrices);
    const folder = mkdtempSync(join(tmpdir(), 'aiprod-prices-'));
    const file = join(folder, 'prices.json');
    try {
      writeFileSync(file, '{"elevenlabs_music_per_minute": 5}');
      expect(readConfig({}, { AIPROD_PRICES: file }).providers.prices).toEqual({
        ...listPrices,
        elevenlabs_music_per_minute: 5,
      });
      writeFileSync(file, '{"music": 5}');
      expect(() => readConfig({}, { AIPROD_PRICES: file })).toThrow('there is no price music');
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(() => readConfig({}, { AIPROD_PRICES: file })).toThrow(`AIPROD_PRICES: the file ${file} cannot`);
  });

  it('reads where bytes are kept', () => {
    const blobs = (environment: Record<string, string>) => readConfig({}, environment).blobs;
    expect(blobs({})).toEqual({ kind: 'disk' });
    const inBucket = { kind: 'gcs', bucketName: 'my-bucket', cacheBytes: 2_000_000_000 };
    expect(blobs({ AIPROD_BLOBS: 'gs://my-bucket' })).toMatchObject({ ...inBucket, prefix: '' });
    expect(
      blobs({ AIPROD_BLOBS: 'gs://my-bucket/aiprod/blobs/', AIPROD_GCS_ENDPOINT: 'http://127.0.0.1:4443' }),
    ).toMatchObject({ ...inBucket, prefix: 'aiprod/blobs/', endpoint: 'http://127.0.0.1:4443' });
  });

  it.each([
    ['AIPROD_BLOBS', 's3://bucket'],
    ['AIPROD_BLOBS', 'gs://My_Bucket'],
    ['AIPROD_BLOBS', 'gs://bucket/../other'],
    ['AIPROD_BLOBS', 'gs://bucket/a//b'],
    ['AIPROD_GCS_ENDPOINT', 'http://storage.example.org:80'],
    ['AIPROD_GCS_ENDPOINT', 'http://127.0.0.1.example.org:80'],
    ['AIPROD_GCS_ENDPOINT', 'https://user@storage.example.org'],
    ['AIPROD_GCS_ENDPOINT', 'https://storage.example.org/path'],
    ['STORAGE_EMULATOR_HOST', 'http://storage.example.org'],
  ])('refuses %s=%s', (name, value) => {
    const wrong = { AIPROD_BLOBS: 'gs://bucket', [name]: value };
    expect(() => readConfig({}, wrong)).toThrow(`${name}: must`);
  });

  it('wants the key of a provider that is named, and keeps it to itself', () => {
    const named = { AIPROD_VOICE: 'elevenlabs,offline', AIPROD_MUSIC: 'elevenlabs' };
    expect(() => readConfig({}, named)).toThrow(
      'AIPROD_VOICE: elevenlabs needs ELEVENLABS_API_KEY; AIPROD_MUSIC: elevenlabs needs ELEVENLABS_API_KEY',
    );
    expect(readConfig({}, { ...named, ELEVENLABS_API_KEY: 'k' }).providers.elevenlabs.apiKey).toBe('k');
    expect(() => readConfig({}, { ELEVENLABS_API_KEY: 'ke y' })).toThrow(
      'ELEVENLABS_API_KEY: must be one line without spaces',
    );
  });

  it('wants the key of Gemini, and the model of Veo that no account has by itself', () => {
    const named = { AIPROD_PLAN: 'gemini', AIPROD_PICTURES: 'veo,gemini,offline' };
    expect(() => readConfig({}, named)).toThrow(
      'AIPROD_PLAN: gemini needs GEMINI_API_KEY; AIPROD_PICTURES: gemini needs GEMINI_API_KEY; ' +
        'AIPROD_PICTURES: veo needs GEMINI_API_KEY; AIPROD_PICTURES: veo needs AIPROD_VEO_MODEL',
    );
    const { gemini } = readConfig({}, { ...named, GEMINI_API_KEY: 'k', AIPROD_VEO_MODEL: 'veo-9' }).providers;
    expect(gemini).toMatchObject({ apiKey: 'k', concurrency: 4, models: { video: 'veo-9' } });
    expect(() => readConfig({}, { AIPROD_GEMINI_IMAGE_MODEL: '../x' })).toThrow('must be the id of a model');
  });

  it('takes voices by id, name and languages, and addresses that nobody can listen to', () => {
    const { voices } = readConfig({}, { AIPROD_ELEVENLABS_VOICES: 'abc1:Ann:en+de, xyz2:Ben' }).providers
      .elevenlabs;
    expect(voices).toEqual([
      { id: 'abc1', name: 'Ann', languages: ['en', 'de'] },
      { id: 'xyz2', name: 'Ben', languages: [] },
    ]);
    expect(readConfig({}, {}).providers.elevenlabs.voices.length).toBeGreaterThan(3);
    expect(() => readConfig({}, { AIPROD_ELEVENLABS_VOICES: 'abc' })).toThrow('"abc" must be id:name');
    expect(() => readConfig({}, { AIPROD_ELEVENLABS_URL: 'http://example.com' })).toThrow('must be https');
    readConfig({}, { AIPROD_ELEVENLABS_URL: 'http://127.0.0.1:8080' });
  });

  it('leaves the variables of others alone', () => {
    expect(() => readConfig({}, { PORT: 'x', AIPROD_TEST_DATABASE_URL: 'x' })).not.toThrow();
  });
});
