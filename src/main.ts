// Runs the system until SIGINT or SIGTERM: `npm start`, `aiprod serve`, and the container's command.
import { type SuppliedParts, type System, startSystem } from './compose/compose.ts';
import { readConfig } from './config/config.ts';
import { AppError } from './domain/errors.ts';

/** Longest time that stopping may take; then the process ends all the same, and the sweep rescues what it held. */
const stopWithinMs = 8_000;
/** Then the process ends, whatever is left that nobody waits for. */
const lingerMs = 200;

/** Resolves when the system has stopped. Throws AppErrors of start-up, such as `config_invalid`. */
export async function runUntilSignal(
  overrides: Record<string, string> = {},
  supplied?: SuppliedParts,
): Promise<void> {
  const asked = nextSignal();
  let impatient: NodeJS.Timeout | undefined;
  // Counted from the signal, also when it comes while a part is still starting, perhaps for ever. Keeps no process alive that
  // has nothing else to do: one that could not start ends with its own error.
  void asked.then(() => {
    impatient = setTimeout(() => {
      process.stderr.write('Not stopped in time.\n');
      process.exit(1);
    }, stopWithinMs).unref();
  });
  const system = await startSystem(readConfig(overrides), supplied);
  endAtDefects(system.logger);
  const signal = await asked;
  system.logger.info({ signal }, 'stopping');
  await system.close();
  clearTimeout(impatient);
  // A paid request whose answer is not waited for any more may be on its way for minutes yet.
  setTimeout(() => process.exit(), lingerMs).unref();
}

/** What nobody caught goes the way of all errors, without what it quotes, before it ends the process. */
function endAtDefects(logger: System['logger']): void {
  if (!logger.isLevelEnabled('fatal')) return;
  process.once('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'the program broke');
    process.exit(1);
  });
}

/** A second Ctrl-C ends the process at once. SIGTERM may come twice: to the whole group, and passed on by the parent. */
function nextSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  process.once('SIGINT', resolve);
  process.on('SIGTERM', resolve);
  return promise;
}

if (import.meta.main) {
  try {
    await runUntilSignal();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${error.message}\n${error.hint === undefined ? '' : `→ ${error.hint}\n`}`);
    process.exitCode = 4;
  }
}
