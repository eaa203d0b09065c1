// One job's events as a text/event-stream body: what has happened, then what happens, until the job has ended, the
// reader leaves or the server stops. Looks often enough to survive a lost notification.
import { Readable } from 'node:stream';

import { isTerminal, type JobStatus } from '../domain/job.ts';
import type { JobEvent, JobEvents } from '../ports/job-events.ts';

const batch = 100;

export interface EventStreamOptions {
  userId: string;
  jobId: string;
  /** Events up to this one are known to the reader. */
  afterEventId: number;
  jobEvents: JobEvents;
  /** The job's status now; undefined once it is gone. */
  status(): Promise<JobStatus | undefined>;
  heartbeatMs: number;
  pollMs: number;
  onError(error: unknown): void;
}

export interface EventStream {
  body: Readable;
  /** Lets the reader have what was written, then ends the answer. */
  end(): void;
}

/** Ends by itself after the last event of an ended job, and stops when the body is destroyed. */
export function openEventStream(options: EventStreamOptions): EventStream {
  const { userId, jobId, jobEvents, heartbeatMs, pollMs } = options;
  let after = options.afterEventId;
  let running = false;
  let again = false;
  let ended = false;
  let drained: (() => void) | undefined;

  const body = new Readable({
    read() {
      drained?.();
      drained = undefined;
    },
    destroy(error, callback) {
      unsubscribe();
      clearInterval(poll);
      clearInterval(heartbeat);
      drained?.();
      callback(error);
    },
  });

  const over = () => ended || body.destroyed;

  const write = async (text: string) => {
    if (over() || body.push(text)) return;
    await new Promise<void>((resolve) => {
      drained = resolve;
    });
  };

  function end(): void {
    if (over()) return;
    ended = true;
    body.push(null);
  }

  /** Sends what is new. Calls while it runs make it look once more. */
  async function look(): Promise<void> {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again && !over()) {
        again = false;
        if (await sendNews()) end();
      }
    } catch (error) {
      // A database that is away comes back; the next look catches up.
      options.onError(error);
    } finally {
      running = false;
    }
  }

  /** True when nothing can follow. */
  async function sendNews(): Promise<boolean> {
    for (;;) {
      // The status is read before the events: whatever ended the job has then left its event.
      const status = await options.status();
      const events = await jobEvents.read(userId, jobId, after, batch);
      for (const event of events) {
        await write(format(event));
        after = event.eventId;
      }
      if (over()) return false;
      if (events.length < batch) return status === undefined || isTerminal(status);
    }
  }

  const unsubscribe = jobEvents.subscribe(jobId, () => void look());
  const poll = setInterval(() => void look(), pollMs);
  const heartbeat = setInterval(() => {
    // Nobody reads: a comment would only pile up.
    if (drained === undefined && !over()) body.push(': still here\n\n');
  }, heartbeatMs);
  body.push('retry: 2000\n\n');
  void look();
  return { body, end };
}

function format({ eventId, type, at, data }: JobEvent): string {
  return `id: ${eventId}\nevent: ${type}\ndata: ${JSON.stringify({ ...data, at: at.toISOString() })}\n\n`;
}
