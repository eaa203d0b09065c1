// Has Terraform evaluate what each resource of deploy/google-cloud would be given, without the provider, which cannot be had
// everywhere: references to other resources are replaced by a word.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { googleCloudFolder } from './google-cloud-files.ts';
import { expressionOf, readHcl } from './hcl.ts';

/** Blocks are lists of objects; a resource with `for_each` is an object of such objects. */
// biome-ignore lint/suspicious/noExplicitAny: as deep as the provider's schema
export type Evaluated = Record<string, any>;

/** By `type.name`. Values of `variables` are written as on Terraform's command line. Throws with what Terraform complains of. */
export async function evaluateTerraform(variables: Record<string, string>): Promise<Evaluated> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-terraform-'));
  try {
    await cp(googleCloudFolder, folder, { recursive: true });
    const module = join(folder, 'terraform');
    const resources = [];
    for (const file of (await readdir(module)).filter((name) => name.endsWith('.tf'))) {
      const blocks = readHcl(await readFile(join(module, file), 'utf8'));
      resources.push(...blocks.filter(({ type }) => type === 'resource'));
      // What is left needs no provider.
      if (!['locals.tf', 'variables.tf'].includes(file)) await rm(join(module, file));
    }
    const lines = resources.map((each) => `"${each.labels.join('.')}" = ${expressionOf(each)}`);
    await writeFile(join(module, 'evaluated.tf'), `locals {\nevaluated = {\n${lines.join('\n')}\n}\n}\n`);
    const given = Object.entries(variables).map(([name, value]) => `-var=${name}=${value}`);
    const env = { PATH: process.env.PATH, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' };
    const asked = promisify(execFile)('terraform', [`-chdir=${module}`, 'console', ...given], {
      env,
      maxBuffer: 2 ** 26,
    });
    asked.child.stdin!.end('jsonencode(local.evaluated)\n');
    // The console ends well whatever happens.
    const { stdout, stderr } = await asked;
    if (stderr !== '') throw new Error(stderr);
    return JSON.parse(JSON.parse(stdout)) as Evaluated;
  } finally {
    await rm(folder, { recursive: true });
  }
}
