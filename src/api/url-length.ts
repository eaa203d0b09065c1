// Refuses URLs longer than any that is meant, before anything is made of them.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../domain/errors.ts';
import type { Api } from './deps.ts';
import { answerError } from './problems.ts';

const longestUrl = 8_192;

/** Throws `url_too_long`. */
export function refuseLongUrls(api: Api): void {
  api.addHook('onRequest', async (request) => {
    if (isTooLong(request)) throw tooLong();
  });
}

/** For what the router itself refuses, before any hook. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  answerError(isTooLong(request) ? tooLong() : error, request, reply);
}

const isTooLong = ({ raw }: FastifyRequest) => raw.url!.length > longestUrl;

const tooLong = () => new AppError('url_too_long', `The URL is longer than ${longestUrl} bytes.`);
