// Asks every part whether it can take work, all at once and not for long.
import { toAppError } from '../domain/errors.ts';

export interface Check {
  ok: boolean;
  /** Why not, in words for operators; no secrets. */
  detail?: string;
  milliseconds: number;
}

export interface Readiness {
  status: 'ready' | 'not_ready';
  failed: string[];
  checks: Record<string, Check>;
}

/**
 * Never throws; a part that does not answer within `limitMs` counts as failed. `onFailure` is told what a part threw, and of
 * those that are late: the answer says only what everybody may know.
 */
export async function checkReadiness(
  parts: Record<string, () => Promise<void>>,
  limitMs: number,
  onFailure: (part: string, error: unknown) => void,
): Promise<Readiness> {
  const answers = await Promise.all(
    Object.entries(parts).map(async ([name, ask]) => {
      const check = await checkPart(ask, limitMs, (error) => onFailure(name, error));
      return [name, check] as const;
    }),
  );
  const failed = answers.filter(([, { ok }]) => !ok).map(([name]) => name);
  return { status: failed.length === 0 ? 'ready' : 'not_ready', failed, checks: Object.fromEntries(answers) };
}

async function checkPart(
  ask: () => Promise<void>,
  limitMs: number,
  onFailure: (error: unknown) => void,
): Promise<Check> {
  const startedAt = performance.now();
  const milliseconds = () => Math.round(performance.now() - startedAt);
  const answer = await within(
    limitMs,
    ask().then(
      () => undefined,
      (error: unknown) => {
        onFailure(error);
        return toAppError(error).publicMessage;
      },
    ),
  );
  if (answer === undefined) return { ok: true, milliseconds: milliseconds() };
  if (answer !== late) return { ok: false, detail: answer, milliseconds: milliseconds() };
  const detail = `No answer within ${limitMs} ms.`;
  onFailure(new Error(detail));
  return { ok: false, detail, milliseconds: milliseconds() };
}

const late = Symbol('late');

/** What `work` gives, or `late` when it takes longer; the work itself is left alone. */
async function within<T>(limitMs: number, work: Promise<T>): Promise<T | typeof late> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<typeof late>((resolve) => {
    timer = setTimeout(resolve, limitMs, late);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** What `ask` gives, or null when it fails or takes longer than `limitMs`. `onFailure` is told of both. */
export async function orNull<T>(
  ask: () => Promise<T>,
  limitMs: number,
  onFailure: (error: unknown) => void,
): Promise<T | null> {
  const answer = await within(
    limitMs,
    ask().catch((error: unknown) => {
      onFailure(error);
      return null;
    }),
  );
  if (answer !== late) return answer;
  onFailure(new Error(`No answer within ${limitMs} ms.`));
  return null;
}
