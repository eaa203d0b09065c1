// Reads bodies: JSON in UTF-8 and nothing else. An empty body is no body; routes that need one say so.
import { AppError } from '../domain/errors.ts';
import type { Api } from './deps.ts';

export function readJsonBodies(api: Api): void {
  const parse = api.getDefaultJsonParser('error', 'error');
  api.removeAllContentTypeParsers();

  api.addHook('onRequest', async ({ headers }) => {
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      throw new AppError('media_type_unsupported', 'Compressed bodies are not understood.', {
        hint: 'Send the JSON as it is, without Content-Encoding.',
      });
    }
  });

  api.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined);
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    } catch (cause) {
      return done(new AppError('body_malformed', 'The body is not valid UTF-8.', { cause }));
    }
    parse(request, text, (error, value) => {
      if (error === null) done(null, value);
      else
        done(
          new AppError('body_malformed', `The body is not valid JSON${placeOfFault(text)}.`, {
            cause: error,
          }),
        );
    });
  });
}

/** Where the text stops being JSON, in words, or that it is JSON with a member that is never accepted. */
function placeOfFault(text: string): string {
  try {
    JSON.parse(text);
    return ': it has a member named __proto__ or constructor';
  } catch (error) {
    const where = /line \d+ column \d+/.exec((error as SyntaxError).message)?.[0];
    return where === undefined ? '' : ` at ${where}`;
  }
}
