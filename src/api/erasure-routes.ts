// Erasing a user over HTTP: one's own account, and any user's for the operator. Only marks the user; workers do the rest.
import { AppError } from '../domain/errors.ts';
import type { Api, ApiDeps } from './deps.ts';
import { bodyProblems, json, problems } from './responses.ts';
import { eraseAccountSchema, erasedUserParams, erasingSchema } from './schemas/index.ts';

const consequences =
  'From the answer on nothing new can be stored (`account_erased`). Workers cancel running jobs and remove every row and byte within minutes, and look again after a quarter of an hour. Receipts keep amounts and dates without the user; the audit log stays for its period. It cannot be undone; only the operator can let the user begin anew.';

export function addErasureRoutes(api: Api, { erasure }: Pick<ApiDeps, 'erasure'>): void {
  api.route({
    method: 'DELETE',
    url: '/v1/account',
    config: { scope: 'videos:write' },
    schema: {
      operationId: 'eraseAccount',
      tags: ['account'],
      summary: 'Erase yourself and everything of yours',
      description: consequences,
      body: eraseAccountSchema,
      response: {
        202: json('You are being erased.', erasingSchema),
        ...problems(...bodyProblems, 'request_invalid'),
      },
    },
    async handler({ userId, body }, reply) {
      if (body.confirm !== userId) {
        throw new AppError('request_invalid', 'This is not your user id.', {
          hint: 'Send the user id that you ask as; your API keys and videos are erased with it.',
          errors: [{ pointer: '/confirm', detail: 'is not your user id' }],
        });
      }
      await erasure.begin(userId);
      return reply.code(202).send({ user_id: userId, status: 'erasing' });
    },
  });

  api.route({
    method: 'DELETE',
    url: '/v1/admin/users/:user_id',
    config: { scope: 'admin' },
    schema: {
      operationId: 'eraseUser',
      tags: ['operations'],
      summary: 'Erase a user and everything of theirs',
      description: `${consequences} Takes no body. A user of whom nothing is kept is marked all the same.`,
      params: erasedUserParams,
      response: {
        202: json('The user is being erased.', erasingSchema),
        ...problems('not_found', ...bodyProblems),
      },
    },
    async handler({ params: { user_id } }, reply) {
      await erasure.begin(user_id);
      return reply.code(202).send({ user_id, status: 'erasing' });
    },
  });
}
