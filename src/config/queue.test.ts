import { describe, expect, it } from 'vitest';

import { readConfig } from './config.ts';

const pubsub = { AIPROD_QUEUE: 'pubsub', AIPROD_PUBSUB_PROJECT: 'my-project' };
const push = {
  AIPROD_PUSH_AUDIENCE: 'https://w/process-job',
  AIPROD_PUSH_ACCOUNT: 'p@x.iam.gserviceaccount.com',
};

describe('settings of the queue', () => {
  it('deliver by the database by default', () => {
    expect(readConfig({}, {}).queue).toEqual({ kind: 'postgres' });
  });

  it('pull the names that aiprod gcp setup makes', () => {
    expect(readConfig({}, pubsub).queue).toEqual({
      kind: 'pubsub',
      projectId: 'my-project',
      topic: 'aiprod-jobs',
      subscription: 'aiprod-worker',
      deadLetterSubscription: 'aiprod-dead-letters',
      push: undefined,
    });
  });

  it("take pushes with an audience and an account, signed by Google's keys", () => {
    const { queue, host } = readConfig(
      {},
      { ...pubsub, ...push, AIPROD_ROLE: 'worker', AIPROD_HOST: '0.0.0.0' },
    );
    expect(queue).toMatchObject({
      push: {
        audience: push.AIPROD_PUSH_AUDIENCE,
        account: push.AIPROD_PUSH_ACCOUNT,
        keysUrl: 'https://www.googleapis.com/oauth2/v3/certs',
      },
    });
    expect(host).toBe('0.0.0.0');
  });

  it.each([
    [{ AIPROD_QUEUE: 'pubsub' }, 'AIPROD_PUBSUB_PROJECT: is needed'],
    [{ ...pubsub, AIPROD_PUSH_AUDIENCE: 'a' }, 'are needed both'],
    [push, 'AIPROD_PUSH_AUDIENCE: needs AIPROD_QUEUE=pubsub'],
    [{ ...pubsub, ...push, AIPROD_SLICE_SECONDS: '600' }, 'must be at most 570'],
    [{ ...pubsub, ...push, AIPROD_PUSH_ACCOUNT: 'me' }, 'e-mail address'],
    [{ ...pubsub, ...push, AIPROD_PUSH_KEYS_URL: 'http://keys.example/' }, 'https'],
    [{ ...pubsub, AIPROD_PUBSUB_TOPIC: 'projects/p/topics/t' }, 'AIPROD_PUBSUB_TOPIC: must be a short name'],
    [{ ...pubsub, AIPROD_PUBSUB_PROJECT: 'My Project' }, 'AIPROD_PUBSUB_PROJECT: must be'],
  ])('%j are refused', (environment, fault) => {
    expect(() => readConfig({}, environment)).toThrow(fault);
  });
});
