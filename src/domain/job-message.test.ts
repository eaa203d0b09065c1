import { describe, expect, it } from 'vitest';

import { jobIdOf, jobMessage } from './job-message.ts';

describe('jobIdOf', () => {
  it('reads what jobMessage wrote', () => {
    const jobId = '01939d3e-7c1f-7a5b-8c2d-0123456789ab';
    expect(jobMessage(jobId)).toBe(`{"job_id":"${jobId}"}`);
    expect(jobIdOf(jobMessage(jobId))).toBe(jobId);
  });

  it.each([
    '',
    'null',
    '[]',
    '"01939d3e-7c1f-7a5b-8c2d-0123456789ab"',
    '{}',
    '{"job_id":1}',
    '{"job_id":"../../etc/passwd"}',
    '{"job_id":"01939d3e-7c1f-7a5b-8c2d-0123456789ab","user_id":"ann"}',
    '{"jobId":"01939d3e-7c1f-7a5b-8c2d-0123456789ab"}',
    '{"job_id":"01939d3e-7c1f-7a5b-8c2d-0123456789ab"',
  ])('takes %s for no message of ours', (message) => {
    expect(jobIdOf(message)).toBeUndefined();
  });
});
