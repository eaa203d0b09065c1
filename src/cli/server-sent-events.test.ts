import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.ts';

function streamOf(bytes: Uint8Array, cuts: number[]): ReadableStream<Uint8Array> {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return ReadableStream.from(edges.slice(1).map((end, n) => bytes.slice(edges[n], end)));
}

async function read(text: string, cuts: number[] = []): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of readServerSentEvents(streamOf(new TextEncoder().encode(text), cuts)))
    events.push(event);
  return events;
}

const field = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\0]/g, ''));
const event = fc.record({
  id: field,
  event: field.filter((name) => name !== ''),
  data: fc.array(field, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n')),
});

describe('readServerSentEvents', () => {
  it('reads the same events wherever the bytes are cut and whatever ends the lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 5 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(400), { maxLength: 12 }),
        async (events, newline, cuts) => {
          const text = events
            .map(
              ({ id, event: name, data }) =>
                `id: ${id}\nevent: ${name}\ndata: ${data.replaceAll('\n', '\ndata: ')}\n\n`,
            )
            .join('')
            .replaceAll('\n', newline);
          // A lone CR at the very end could still become a CRLF, so an event after it must not be waited for.
          const ended = newline === '\r' ? `${text}:\r` : text;
          const size = new TextEncoder().encode(ended).length;
          expect(
            await read(
              ended,
              cuts.filter((cut) => cut < size),
            ),
          ).toEqual(events);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('skips comments, retry and events without data', async () => {
    expect(await read('retry: 2000\n\n: still here\n\nid: 4\n\ndata: {"a":1}\n\n')).toEqual([
      { id: '', event: 'message', data: '{"a":1}' },
    ]);
  });

  it('takes one space off and no more, and data without a value', async () => {
    expect(await read('data:  two\ndata:none\ndata\n\n')).toEqual([
      { id: '', event: 'message', data: ' two\nnone\n' },
    ]);
  });

  it('drops an event that was cut off', async () => {
    expect(await read('data: whole\n\ndata: ha')).toEqual([{ id: '', event: 'message', data: 'whole' }]);
  });

  it('lets go of the body when the reader leaves', async () => {
    let left = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
      cancel: () => {
        left = true;
      },
    });
    for await (const { data } of readServerSentEvents(endless)) {
      expect(data).toBe('x');
      break;
    }
    expect(left).toBe(true);
  });
});
