// Looks at a service without making anything: alive, ready, described, and shut to strangers.
import type { Finding } from '../commands/findings.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { readJson, type Target } from './target.ts';

export type Tell = (finding: Finding) => void;

interface ServerFacts {
  /** Nothing failed. */
  ok: boolean;
  /** Whether it could not be asked, or cannot take work: then nothing else was tried. */
  down: boolean;
  /** Whether it asks who is asking. */
  loginAsked: boolean;
}

/** A key that nobody has. */
const strangersKey = 'aiprod_smoke_test_of_a_key_that_was_never_given_out';
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Tells each finding as it is made. `expect` is the version that should answer. */
export async function checkServer(
  target: Target,
  expect: string | undefined,
  tell: Tell,
): Promise<ServerFacts> {
  let version = '';
  let loginAsked = false;
  const checks: [name: string, check: () => Promise<string>][] = [
    [
      'health',
      async () => {
        const { milliseconds, ...answer } = await target.ask('/health');
        const health = readJson('/health', { milliseconds, ...answer });
        version = String(health.version);
        if (health.status !== 'ok') throw failed(`/health says ${JSON.stringify(health.status)}.`);
        if (expect !== undefined && version !== expect)
          throw failed(
            `Version ${version} answers, not ${expect}.`,
            'Is the roll-out done? During one, old instances answer too.',
          );
        return `version ${version}, ${milliseconds} ms`;
      },
    ],
    ['ready', () => checkReady(target)],
    ['openapi', () => checkDescription(target, version)],
    [
      'login',
      async () => {
        const { asked, detail } = await checkLogin(target);
        loginAsked = asked;
        return detail;
      },
    ],
  ];
  let ok = true;
  for (const [name, check] of checks) {
    const finding = await judge(name, check);
    tell(finding);
    ok &&= finding.ok;
    if (!finding.ok && (name === 'ready' || finding.missing)) return { ok, down: true, loginAsked };
  }
  return { ok, down: false, loginAsked };
}

/** What a check says, or the CommandError that it threw; `missing` when there was no answer. Other errors pass. */
export async function judge(name: string, check: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, detail: await check() };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { message, hint, exitCode } = error;
    return {
      name,
      ok: false,
      detail: message,
      ...(exitCode === exitCodes.machine && { missing: true }),
      ...(hint !== undefined && { advice: hint }),
    };
  }
}

export function failed(message: string, hint?: string): CommandError {
  return new CommandError(exitCodes.failed, message, hint);
}

async function checkReady(target: Target): Promise<string> {
  const answer = await target.ask('/ready');
  const { checks, failed: names } = readJson('/ready', answer, answer.status === 503 ? 503 : 200) as {
    checks?: Record<string, { detail?: string }>;
    failed?: string[];
  };
  if (checks === undefined || names === undefined) throw failed('/ready does not say what was looked at.');
  if (answer.status === 200) return Object.keys(checks).join(', ');
  const reasons = names.map((name) => `${name}: ${checks[name]?.detail ?? 'fails'}`);
  throw failed(`Not ready. ${reasons.join(' ')}`, 'docs/operations/troubleshooting.md');
}

async function checkDescription(target: Target, version: string): Promise<string> {
  const { openapi, info, paths } = readJson('/openapi.json', await target.ask('/openapi.json')) as {
    openapi?: string;
    info?: { version?: string };
    paths?: Record<string, object>;
  };
  if (paths?.['/v1/videos'] === undefined) throw failed('/openapi.json does not describe /v1/videos.');
  if (info?.version !== version)
    throw failed(
      `/openapi.json is of version ${info?.version}, /health of ${version}.`,
      'Instances of two versions answer, or something before them keeps old answers.',
    );
  return `OpenAPI ${openapi}, ${Object.keys(paths).length} paths`;
}

const aRequest = '/v1/videos?limit=1';

async function checkLogin(target: Target): Promise<{ asked: boolean; detail: string }> {
  const { apiKey } = target;
  const nobody = await target.ask(aRequest);
  if (nobody.status === 200) {
    if (loopback.test(target.url.hostname)) return { asked: false, detail: 'none asked for on this machine' };
    throw failed(
      'Anybody may ask: no login is asked for.',
      'Set AIPROD_LOGIN=required where a proxy of the same machine lets others in: docs/logins.md.',
    );
  }
  readJson(`${aRequest} without a key`, nobody, 401);
  readJson(`${aRequest} with a wrong key`, await target.ask(aRequest, { key: strangersKey }), 401);
  if (apiKey === undefined)
    throw failed(
      'A login is asked for, and there is no key to show.',
      'Put one into AIPROD_API_KEY: aiprod keys create --user smoke --scopes videos:read,videos:write',
    );
  readJson(`${aRequest} with the key of AIPROD_API_KEY`, await target.ask(aRequest, { key: apiKey }));
  return { asked: true, detail: 'strangers are refused, the key of AIPROD_API_KEY is taken' };
}
