// Starts a script on the Node that the project brings along, installing dependencies first if they are missing.
// Plain JavaScript for Node >= 20.19, without dependencies: it runs before anything is installed.
import { runOnProjectNode } from './run-on-project-node.mjs';

const [, , script, ...args] = process.argv;
await runOnProjectNode(script, args);
