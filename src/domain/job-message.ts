// What a message in a queue outside of our database says: which job may be worked on, and nothing else. The job row is
// the truth; a message can be lost, repeated or late.

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function jobMessage(jobId: string): string {
  return JSON.stringify({ job_id: jobId });
}

/** The job that a message names; undefined when it is not exactly such a message. */
export function jobIdOf(message: string): string | undefined {
  let said: unknown;
  try {
    said = JSON.parse(message);
  } catch {
    return undefined;
  }
  if (typeof said !== 'object' || said === null || Object.keys(said).join() !== 'job_id') return undefined;
  const { job_id } = said as { job_id: unknown };
  return typeof job_id === 'string' && idPattern.test(job_id) ? job_id : undefined;
}
