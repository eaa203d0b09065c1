// Starts media processes, gives each one task at a time, and kills one whole when its task is aborted.
// A crash in there fails one task, never this process.
import { AsyncLocalStorage } from 'node:async_hooks';
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { AppError } from '../domain/errors.ts';
import { type Tracer, untraced, within } from '../ports/tracer.ts';
import type { WorkContext } from '../ports/work-context.ts';
import type { ErrorTrail, ReplyMessage, TaskUsage } from './protocol.ts';
import { nextTurn, type Turn, turnOf } from './task-order.ts';
import type { TaskInput, TaskName, TaskResult } from './tasks.ts';

const entry = new URL('./media-process.ts', import.meta.url);
/** Compiled code of media processes, beside the code itself: a start then takes a third of the time. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/aiprod', import.meta.url));

export interface MediaPoolOptions {
  /** Most processes alive at once. */
  size: number;
  /** A process that has ever been larger is replaced after its task. */
  recycleRssBytes: number;
  /** A process without work for this long is ended. */
  idleMs: number;
  /** Told what each task cost. */
  onTask?(facts: TaskFacts): void;
  tracer?: Tracer;
}

export interface TaskFacts extends TaskUsage {
  task: TaskName;
  pid: number;
  /** From its start in a process, not counting the wait for one. */
  wallMs: number;
}

export interface MediaPool {
  /**
   * Runs a task in a media process, waiting for a free one: what other work waits for goes first. Rejects with the
   * task's AppError, with `media_process_died`, or with the signal's reason once the process is gone.
   */
  run<Name extends TaskName>(
    task: Name,
    input: TaskInput<Name>,
    context: WorkContext,
  ): Promise<TaskResult<Name>>;
  /** Starts all processes, so that the first tasks need not wait for them. */
  warmUp(): void;
  /** Largest resident size that any media process has reached so far. */
  peakRssBytes(): number;
  /** Milliseconds since a task last ended in a process, done or failed; undefined when none did, or a process died since. */
  provedMsAgo(): number | undefined;
  /** Process ids alive now. */
  pids(): number[];
  /** Kills everything; resolves when all are gone. */
  stop(): Promise<void>;
}

interface MediaProcess {
  child: ChildProcess;
  exited: Promise<void>;
  idleTimer: NodeJS.Timeout | undefined;
  peakRssBytes: number;
  /** Last lines of what native code wrote to stderr. */
  stderr: string;
}

export function createMediaPool(options: MediaPoolOptions): MediaPool {
  const all = new Set<MediaProcess>();
  const idle: MediaProcess[] = [];
  const waiting: { turn: Turn; resolve: () => void }[] = [];
  let busy = 0;
  let peak = 0;
  let stopped = false;
  let provedAt: number | undefined;

  async function run<Name extends TaskName>(
    task: Name,
    input: TaskInput<Name>,
    context: WorkContext,
  ): Promise<TaskResult<Name>> {
    const slot = takeSlot(turnOf(task, input), context.signal);
    await (context.awaitTurn?.(slot) ?? slot);
    try {
      if (stopped) throw new AppError('shutting_down', 'The media processes are being stopped.');
      const member = idle.pop() ?? start();
      clearTimeout(member.idleTimer);
      const part = { name: `media ${task}`, kind: 'internal', facts: { task } } as const;
      const result = await within(options.tracer ?? untraced, part, () =>
        runIn(member, task, input, context),
      );
      return result as TaskResult<Name>;
    } finally {
      busy--;
      callNext();
    }
  }

  function callNext(): void {
    const next = nextTurn(waiting);
    if (next >= 0) waiting.splice(next, 1)[0]!.resolve();
  }

  async function takeSlot(turn: Turn, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (busy >= options.size) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const place = { turn, resolve };
      waiting.push(place);
      const onAbort = () => resolve();
      signal.addEventListener('abort', onAbort, { once: true });
      await promise;
      signal.removeEventListener('abort', onAbort);
      const left = waiting.indexOf(place);
      if (left >= 0) waiting.splice(left, 1);
      else if (signal.aborted) callNext();
      signal.throwIfAborted();
    }
    busy++;
  }

  function start(): MediaProcess {
    const child = fork(entry, {
      execArgv: ['--disable-warning=ExperimentalWarning', '--single-threaded'],
      env: { NODE_COMPILE_CACHE: compileCache },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    const member: MediaProcess = { child, exited, idleTimer: undefined, peakRssBytes: 0, stderr: '' };
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      member.stderr = (member.stderr + text).slice(-4_000);
    });
    all.add(member);
    exited.then(() => {
      all.delete(member);
      const place = idle.indexOf(member);
      if (place >= 0) idle.splice(place, 1);
      clearTimeout(member.idleTimer);
    });
    return member;
  }

  async function runIn(
    member: MediaProcess,
    task: TaskName,
    input: unknown,
    context: WorkContext,
  ): Promise<unknown> {
    const { child } = member;
    const startedAt = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const onAbort = () => child.kill('SIGKILL');
    const onExit = () => {
      if (context.signal.aborted) return reject(context.signal.reason);
      provedAt = undefined;
      const how = child.signalCode ?? `exit code ${child.exitCode}`;
      const fatal = /^FATAL ERROR: .*/m.exec(member.stderr)?.[0] ?? 'it';
      const cause = new Error(`ended by ${how} during ${task}: ${fatal} said "${member.stderr}"`);
      reject(new AppError('media_process_died', 'The process that was making this part died.', { cause }));
    };
    // The process may have been started for another task: what it says is about this one.
    const onMessage = AsyncLocalStorage.bind((message: ReplyMessage) => {
      if (message.kind === 'progress') return context.onProgress?.(message.fraction);
      const { usage } = message;
      provedAt = performance.now();
      member.peakRssBytes = usage.peakRssBytes;
      peak = Math.max(peak, usage.peakRssBytes);
      options.onTask?.({ ...usage, task, pid: child.pid!, wallMs: performance.now() - startedAt });
      if (message.kind === 'done') return resolve(message.result);
      const { code, hint, errors, trail, message: text } = message.failure;
      const cause = new Error(`${task} failed in the media process`, { cause: toErrors(trail) });
      reject(new AppError(code, text, { ...(hint && { hint }), ...(errors && { errors }), cause }));
    });
    context.signal.addEventListener('abort', onAbort, { once: true });
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.once('error', onExit);
    if (context.signal.aborted) onAbort();
    else child.send({ task, input, scratch: context.scratch });
    try {
      return await promise;
    } finally {
      context.signal.removeEventListener('abort', onAbort);
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.off('error', onExit);
      if (context.signal.aborted) await member.exited;
      else putBack(member);
    }
  }

  function putBack(member: MediaProcess): void {
    if (member.child.exitCode !== null || member.child.signalCode !== null) return;
    if (stopped || member.peakRssBytes > options.recycleRssBytes) {
      member.child.kill('SIGKILL');
      return;
    }
    keepIdle(member);
  }

  function keepIdle(member: MediaProcess): void {
    member.idleTimer = setTimeout(() => member.child.kill('SIGKILL'), options.idleMs).unref();
    idle.push(member);
  }

  return {
    run,
    warmUp() {
      while (all.size < options.size) keepIdle(start());
    },
    peakRssBytes: () => peak,
    provedMsAgo: () => (provedAt === undefined ? undefined : performance.now() - provedAt),
    pids: () => [...all].flatMap(({ child }) => child.pid ?? []),
    async stop() {
      stopped = true;
      for (const { child } of all) child.kill('SIGKILL');
      await Promise.all([...all].map(({ exited }) => exited));
    },
  };
}

function toErrors(trail: ErrorTrail): Error | undefined {
  return trail.reduceRight<Error | undefined>(
    (cause, { message, ...facts }) => Object.assign(new Error(message, { cause }), facts),
    undefined,
  );
}
