// aiprod smoke: whether a running service does what it is for, told line by line. Leaves nothing behind in it.
import { readConfig } from '../../config/config.ts';
import { createApiClient } from '../api-client.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';
import { catchInterrupts } from '../interrupts.ts';
import { createProgressBar } from '../progress-bar.ts';
import { checkServer } from '../smoke/check-server.ts';
import { checkVideo } from '../smoke/check-video.ts';
import { createTarget } from '../smoke/target.ts';
import { type Finding, lineOf, toJson } from './findings.ts';

export const smokeOptions = {
  quick: { type: 'boolean' },
  expect: { type: 'string' },
  strict: { type: 'boolean' },
  within: { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface SmokeValues {
  quick?: boolean;
  expect?: string;
  strict?: boolean;
  within?: string;
  json?: boolean;
}

const defaultSeconds = 300;

/** 0 when everything works, 1 when something does not, 4 when the service cannot be asked or is not ready. */
export async function smoke([address, ...rest]: string[], values: SmokeValues): Promise<ExitCode> {
  if (address === undefined || rest.length > 0) {
    throw new CommandError(
      exitCodes.usage,
      'smoke takes the address of one server.',
      'aiprod smoke https://video.example.com',
    );
  }
  const withinMs = 1000 * secondsOf(values.within);
  const { apiKey } = readConfig().auth;
  using interrupts = catchInterrupts();
  const target = createTarget(address, apiKey, interrupts.signal);
  const findings: Finding[] = [];
  const bar = createProgressBar(process.stderr);
  const tell = (finding: Finding) => {
    findings.push(finding);
    bar.end();
    if (!values.json) process.stdout.write(lineOf(finding, 'marks'));
  };
  try {
    const { ok, down, loginAsked } = await checkServer(target, values.expect, tell);
    if (down) return end(exitCodes.machine);
    if (!ok) return end(exitCodes.failed);
    if (values.quick) return end(exitCodes.ok);
    const client = createApiClient(address, { apiKey });
    const check = { target, client, loginAsked, strict: values.strict === true, withinMs };
    const works = await checkVideo({ ...check, onProgress: bar.update }, tell);
    return end(works ? exitCodes.ok : exitCodes.failed);
  } catch (error) {
    bar.end();
    if (!interrupts.signal.aborted) throw error;
    process.stderr.write('Stopped before everything was looked at.\n');
    return exitCodes.interrupted;
  }

  function end(code: ExitCode): ExitCode {
    if (values.json) process.stdout.write(toJson(findings));
    else if (code !== exitCodes.ok) process.stdout.write('The service does not work as it should.\n');
    else process.stdout.write(values.quick ? 'The service answers.\n' : 'The service makes videos.\n');
    return code;
  }
}

function secondsOf(text = String(defaultSeconds)): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= 86_400) return seconds;
  throw new CommandError(exitCodes.usage, `"${text}" is not a number of seconds.`, 'Give 1 to 86400.');
}
