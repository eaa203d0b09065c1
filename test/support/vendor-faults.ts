// Ways in which a vendor's double may answer instead of what was asked for; the same for every double that uses them.
import type { ServerResponse } from 'node:http';

/** A number is an HTTP status with that vendor's usual body. */
export type VendorFault = 'hang' | 'slow' | 'html' | 'cut' | 'empty' | 'reset' | number;

/** `refusal` is what the vendor says with a status. */
export function answerWrongly(
  response: ServerResponse,
  fault: VendorFault,
  refusal: (status: number) => { body: object; headers?: Record<string, string> },
): void {
  if (typeof fault === 'number') {
    const { body, headers } = refusal(fault);
    response.writeHead(fault, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    return;
  }
  if (fault === 'hang') return;
  if (fault === 'reset') {
    response.destroy();
    return;
  }
  const type = fault === 'html' ? 'text/html' : 'application/json';
  response.writeHead(200, { 'content-type': type });
  if (fault === 'html') response.end('<!doctype html><title>Just a moment…</title>');
  else if (fault === 'empty') response.end();
  else if (fault === 'cut') response.end('{"code":200,"count":1,"data":{"taskId":"5c79');
  // The rest never comes.
  else response.write('{"code":200,');
}
