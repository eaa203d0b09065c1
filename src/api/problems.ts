// Turns whatever goes wrong in a request into a problem document. What nobody classified is logged and says nothing.
import type { Socket } from 'node:net';

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

import { AppError, type ErrorCode, type FieldError, toAppError, toProblem } from '../domain/errors.ts';

const problemType = 'application/problem+json';

/** Fastify's own errors that are the caller's making. */
const frameworkCodes: Record<string, [ErrorCode, string]> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['body_malformed', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['http_malformed', 'The body is not as long as Content-Length says.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'The body is larger than 1 MiB.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['media_type_unsupported', 'Only application/json is understood here.'],
  FST_ERR_BAD_URL: ['http_malformed', 'The URL holds a percent sign that encodes nothing.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'Nothing is here.'],
};

/** Answers any error as a problem document; 5xx are logged with their cause. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answerProblem(classify(error, request), request, reply);
}

function answerProblem(error: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  if (problem.status >= 500) {
    const level = error.kind === 'transient' ? 'warn' : 'error';
    request.log[level]({ err: error, code: error.code }, 'request failed');
  }
  if (problem.status === 503) reply.header('retry-after', '2');
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  // Files and streams set headers for bytes that are not sent now.
  for (const name of ['content-length', 'content-disposition', 'etag']) reply.removeHeader(name);
  reply.header('cache-control', 'no-store');
  // A text, so that no response schema stands between an error and its reader.
  return reply.code(problem.status).type(problemType).send(JSON.stringify(problem));
}

function classify(error: unknown, request: FastifyRequest): AppError {
  if (error instanceof AppError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const { validationContext } = error;
    if (validationContext === 'params') return new AppError('not_found', 'Nothing is here.');
    if (validationContext === 'body' && (request.body === undefined || request.body === null)) {
      return new AppError('body_malformed', 'The body is empty.', { hint: 'Send a JSON object.' });
    }
    return toFieldErrors(error.validation as unknown as ZodFault[], validationContext);
  }
  const [code, message] = frameworkCodes[(error as FastifyError)?.code] ?? [];
  return code === undefined ? toAppError(error) : new AppError(code, message!, { cause: error });
}

/** What fastify-type-provider-zod makes of a zod issue. */
interface ZodFault {
  instancePath: string;
  message: string;
  keyword: string;
  params: { keys?: string[]; origin?: string; issues?: { message: string }[] };
}

function toFieldErrors(faults: ZodFault[], context: string | undefined): AppError {
  const place = context === 'headers' ? '/headers' : '';
  const errors = faults.flatMap(({ instancePath, message, keyword, params }): FieldError[] => {
    const pointer = place + (instancePath === '/' ? '' : instancePath);
    if (keyword === 'unrecognized_keys') {
      return (params.keys ?? []).map((key) => ({
        pointer: `${pointer}/${escapePointer(key)}`,
        detail: message,
      }));
    }
    if (keyword === 'invalid_key') {
      return [{ pointer, detail: params.issues?.map((issue) => issue.message).join('; ') ?? message }];
    }
    return [{ pointer, detail: message }];
  });
  const shown = errors.slice(0, 100);
  const count = errors.length === 1 ? 'One field is' : `${errors.length} fields are`;
  return new AppError('request_invalid', `${count} not valid.`, {
    hint: 'GET /docs describes every field.',
    errors: shown,
  });
}

function escapePointer(key: string): string {
  return key.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 200);
}

/** For bytes that are not HTTP: there is no request to answer, only a socket. */
export function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [status, reason, detail] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large', 'The headers are larger than 16 KiB.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout', 'The request did not arrive in time.']
        : [400, 'Bad Request', 'This is not an HTTP request.'];
  const problem = { ...toProblem(new AppError('http_malformed', detail as string)), status };
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n${body}`,
  );
}
