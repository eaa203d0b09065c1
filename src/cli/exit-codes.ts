// What the command line answers to scripts. Documented in docs/cli.md.
import type { ErrorCode } from '../domain/errors.ts';

export const exitCodes = {
  ok: 0,
  /** The job failed, or something unexpected happened. */
  failed: 1,
  /** Wrong command or option. */
  usage: 2,
  /** The script or an option's value was refused. */
  refused: 3,
  /** No server, no database, no room on the disk: the machine, not the request. */
  machine: 4,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure that ends the command with this code after its message and hint were printed. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;
  /** Of the problem that the server answered, if it did. */
  readonly code: ErrorCode | undefined;

  constructor(exitCode: ExitCode, message: string, hint?: string, code?: ErrorCode) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
    this.hint = hint;
    this.code = code;
  }
}

/** For commands that take options only. */
export function refuseArguments(command: string, args: string[]): void {
  if (args.length === 0) return;
  throw new CommandError(
    exitCodes.usage,
    `${command} takes no argument, but was given "${args[0]}".`,
    `aiprod ${command} --help`,
  );
}
