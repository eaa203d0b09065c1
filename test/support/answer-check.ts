// Holds answers to the OpenAPI document: a documented status, a documented content type, a body of its schema.
import { z } from 'zod';

interface Answer {
  statusCode: number;
  headers: Record<string, unknown>;
  body: string;
}

type Schema = Record<string, unknown>;
interface Document {
  paths?: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }>
  >;
  components?: { schemas?: Record<string, Schema> };
}

/** The returned function throws for an answer that the document does not allow. Problems may come from any route. */
export function createAnswerCheck(document: object) {
  const { paths = {}, components } = document as Document;
  const patterns = Object.entries(paths).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    operations,
  }));
  const readers = new Map<Schema, z.ZodType>();
  const definitions = asDefinitions(components?.schemas ?? {});

  const readerOf = (schema: Schema): z.ZodType => {
    const known = readers.get(schema);
    if (known !== undefined) return known;
    const reader = z.fromJSONSchema({ ...asDefinitions(schema), $defs: definitions } as never);
    readers.set(schema, reader);
    return reader;
  };

  return (method: string, url: string, { statusCode, headers, body }: Answer): void => {
    const where = `${method} ${url} answered ${statusCode}`;
    const type = `${headers['content-type'] ?? ''}`.split(';', 1)[0]!;
    if (statusCode >= 400 && url !== '/ready') {
      if (method === 'HEAD') return;
      if (type !== 'application/problem+json') throw new Error(`${where} with ${type}, no problem: ${body}`);
      const problem = readerOf({ $ref: '#/components/schemas/Problem' }).parse(JSON.parse(body));
      if ((problem as { status: number }).status !== statusCode)
        throw new Error(`${where} but says: ${body}`);
      if (/node_modules|\bat .+:\d+:\d+|SELECT |\/work\/|\/tmp\//.test(body))
        throw new Error(`${where} and tells too much: ${body}`);
    }
    const path = url.split('?', 1)[0]!;
    const operation = patterns.find(({ pattern }) => pattern.test(path))?.operations[method.toLowerCase()];
    if (operation === undefined) return;
    const response = operation.responses[statusCode];
    if (response === undefined) throw new Error(`${where}, which is not documented: ${body}`);
    if (response.content === undefined) {
      if (body !== '') throw new Error(`${where} with a body that is not documented`);
      return;
    }
    const content = response.content[type];
    if (content === undefined) throw new Error(`${where} with ${type}, which is not documented`);
    if (type === 'application/json' && content.schema.type !== 'string')
      readerOf(content.schema).parse(JSON.parse(body));
  };
}

/** OpenAPI's places of schemas as JSON Schema's, which zod reads. */
function asDefinitions<T extends object>(schemas: T): T {
  return JSON.parse(JSON.stringify(schemas).replaceAll('#/components/schemas/', '#/$defs/'));
}
