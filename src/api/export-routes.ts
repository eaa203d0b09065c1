// Everything of a user in one archive: one's own, and any user's for the operator. Ends what is under way when the server stops.
import type { Readable } from 'node:stream';

import type { FastifyReply } from 'fastify';

import { AppError } from '../domain/errors.ts';
import type { Api, ApiDeps } from './deps.ts';
import { content, problems } from './responses.ts';
import { strict } from './schemas/field-types.ts';
import { erasedUserParams } from './schemas/index.ts';

const description =
  'A tar archive, made while it is read: `account.json` says what is in it and what is not, `missing.json` (the last file) which bytes are gone. All rows are of one moment; bytes that are begun after two hours are left out, and after three it is cut off. One at a time per user (`limit_reached`).';
const response = {
  200: content('The archive.', ['application/x-tar'], {
    'content-disposition': { type: 'string', description: 'The file name to save under.' },
  }),
  ...problems('request_invalid', 'limit_reached', 'rate_limited', 'encryption_key_unavailable'),
};

export function addExportRoutes(api: Api, { accountArchive }: Pick<ApiDeps, 'accountArchive'>): void {
  const open = new Set<Readable>();
  api.addHook('preClose', async () => {
    for (const stream of open) stream.destroy();
  });

  function send(reply: FastifyReply, stream: Readable): FastifyReply {
    open.add(stream);
    stream.once('close', () => open.delete(stream));
    reply.type('application/x-tar');
    reply.header('content-disposition', 'attachment; filename="aiprod-account.tar"');
    return reply.send(stream);
  }

  api.route({
    method: 'GET',
    url: '/v1/account/export',
    // Asking whether it is there would make it.
    exposeHeadRoute: false,
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'exportAccount',
      tags: ['account'],
      summary: 'Take everything of yours with you',
      description,
      querystring: strict({}),
      response,
    },
    handler: async ({ userId }, reply) => send(reply, (await accountArchive.open(userId)).stream) as never,
  });

  api.route({
    method: 'GET',
    url: '/v1/admin/users/:user_id/export',
    exposeHeadRoute: false,
    config: { scope: 'admin' },
    schema: {
      operationId: 'exportUser',
      tags: ['operations'],
      summary: 'Everything of a user',
      description: `${description} \`not_found\` when nothing is kept of the user.`,
      params: erasedUserParams,
      querystring: strict({}),
      response: { ...response, ...problems('request_invalid', 'limit_reached', 'rate_limited', 'not_found') },
    },
    async handler({ params: { user_id } }, reply) {
      const { stream, isEmpty } = await accountArchive.open(user_id);
      if (!isEmpty) return send(reply, stream) as never;
      stream.destroy();
      throw new AppError('not_found', 'Nothing is kept of this user.');
    },
  });
}
