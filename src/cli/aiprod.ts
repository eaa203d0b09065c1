// The command line: finds the command, reads its options, prints errors with what to do, and sets the exit code.
import { parseArgs } from 'node:util';

import packageFile from '../../package.json' with { type: 'json' };
import { AppError } from '../domain/errors.ts';
import { audit, auditOptions } from './commands/audit.ts';
import { contactSheet, contactSheetOptions } from './commands/contact-sheet.ts';
import { db, dbOptions } from './commands/db.ts';
import { doctor, doctorOptions } from './commands/doctor.ts';
import { encryption, encryptionOptions } from './commands/encryption.ts';
import { explain, explainOptions } from './commands/explain.ts';
import { gcp, gcpOptions } from './commands/gcp.ts';
import { keys, keysOptions } from './commands/keys.ts';
import { make, makeOptions } from './commands/make.ts';
import { serve, serveOptions } from './commands/serve.ts';
import { smoke, smokeOptions } from './commands/smoke.ts';
import { storyboard, storyboardOptions } from './commands/storyboard.ts';
import { sweep, sweepOptions } from './commands/sweep.ts';
import { users, usersOptions } from './commands/users.ts';
import { watch, watchOptions } from './commands/watch.ts';
import { CommandError, type ExitCode, exitCodes } from './exit-codes.ts';
import { commandHelp, overview } from './help.ts';

interface Command {
  options: Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>;
  run(args: string[], values: never): Promise<ExitCode>;
}

type CommandName = keyof typeof commandHelp;

const commands = {
  make: { options: makeOptions, run: make },
  serve: { options: serveOptions, run: serve },
  watch: { options: watchOptions, run: watch },
  explain: { options: explainOptions, run: explain },
  storyboard: { options: storyboardOptions, run: storyboard },
  db: { options: dbOptions, run: db },
  audit: { options: auditOptions, run: audit },
  encryption: { options: encryptionOptions, run: encryption },
  keys: { options: keysOptions, run: keys },
  users: { options: usersOptions, run: users },
  sweep: { options: sweepOptions, run: sweep },
  doctor: { options: doctorOptions, run: doctor },
  smoke: { options: smokeOptions, run: smoke },
  'contact-sheet': { options: contactSheetOptions, run: contactSheet },
  gcp: { options: gcpOptions, run: gcp },
} satisfies Record<CommandName, Command>;

/** Runs one command line (without node and script). Never throws; answers the exit code. */
export async function runCommandLine([name, ...args]: string[]): Promise<ExitCode> {
  try {
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
      const [topic] = args;
      process.stdout.write(topic === undefined ? overview : commandHelp[commandName(topic)]);
      return name === undefined ? exitCodes.usage : exitCodes.ok;
    }
    if (name === '--version') {
      process.stdout.write(`aiprod ${packageFile.version}\n`);
      return exitCodes.ok;
    }
    const known = commandName(name);
    const command: Command = commands[known];
    const { values, positionals } = parse(name, args, command);
    if (values.help) {
      process.stdout.write(commandHelp[known]);
      return exitCodes.ok;
    }
    return await command.run(positionals, values as never);
  } catch (error) {
    return printError(error);
  }
}

function commandName(name: string): CommandName {
  if (Object.hasOwn(commands, name)) return name as CommandName;
  throw new CommandError(
    exitCodes.usage,
    `There is no command "${name}".`,
    'aiprod help lists the commands.',
  );
}

function parse(name: string, args: string[], { options }: Command) {
  try {
    return parseArgs({
      args,
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new CommandError(
      exitCodes.usage,
      // Node goes on to advise what no user of ours would want.
      (error as Error).message.replace(/\. To specify a positional argument.*$/s, '.'),
      `aiprod ${name} --help lists the options.`,
    );
  }
}

function printError(error: unknown): ExitCode {
  if (error instanceof CommandError || error instanceof AppError) {
    process.stderr.write(`${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`→ ${error.hint}\n`);
    return error instanceof CommandError ? error.exitCode : exitCodes.machine;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCodes.failed;
}

if (import.meta.main) {
  // Whoever reads the output may stop reading (`aiprod make … | head`): the work goes on all the same.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  process.exitCode = await runCommandLine(process.argv.slice(2));
}
