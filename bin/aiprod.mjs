#!/usr/bin/env node
// The aiprod command: the command line on the Node that the project brings along.
import { join } from 'node:path';

import { root } from '../scripts/install.mjs';
import { runOnProjectNode } from '../scripts/run-on-project-node.mjs';

await runOnProjectNode(join(root, 'src', 'cli', 'aiprod.ts'), process.argv.slice(2));
