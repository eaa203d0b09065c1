// The image's HEALTHCHECK: asks this container's own process whether it is alive. The exit code is the answer.
const port = process.env.AIPROD_PORT;

try {
  const { ok } = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(4_000) });
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  console.error(`Nothing answers on port ${port}: ${error.cause?.code ?? error.message}`);
  process.exitCode = 1;
}
