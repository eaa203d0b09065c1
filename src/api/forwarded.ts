// Whether somebody sent a request on for another: behind a proxy or a tunnel everybody comes from this machine.
import type { IncomingHttpHeaders } from 'node:http';

const saidByProxies = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/** Proxies that say nothing of themselves are not found out. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return saidByProxies.some((name) => headers[name] !== undefined);
}
