// Reads a text/event-stream body as the HTML standard describes it, however its bytes were cut on the way.

export interface ServerSentEvent {
  /** Empty when the event brought none. */
  id: string;
  event: string;
  data: string;
}

/** Events that carry data. An event that was not finished when the body ended is dropped. */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  let block: string[] = [];
  for await (const line of readLines(body)) {
    if (line !== '') {
      block.push(line);
      continue;
    }
    const event = parseBlock(block);
    block = [];
    if (event !== undefined) yield event;
  }
}

/** Complete lines, whether they end in LF, CR or CRLF. */
async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let buffered = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    // A CR at the end may be half of a CRLF.
    const lines = (buffered + text).split(/\r\n|\n|\r(?!$)/);
    buffered = lines.pop()!;
    yield* lines;
  }
}

function parseBlock(lines: string[]): ServerSentEvent | undefined {
  const data: string[] = [];
  let id = '';
  let event = 'message';
  for (const line of lines) {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
    else if (field === 'event') event = value;
  }
  return data.length === 0 ? undefined : { id, event, data: data.join('\n') };
}
