// Reads a text/event-stream body, as the HTML standard describes it, as far as our own API writes it.

export interface ServerSentEvent {
  id: string;
  event: string;
  data: string;
}

export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  let buffered = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    buffered += text;
    const blocks = buffered.split('\n\n');
    buffered = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event.data !== '') yield event;
    }
  }
}

function parseBlock(block: string): ServerSentEvent {
  const event: ServerSentEvent = { id: '', event: 'message', data: '' };
  for (const line of block.split('\n')) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === 'data') event.data += event.data === '' ? value : `\n${value}`;
    else if (field === 'id' || field === 'event') event[field] = value ?? '';
  }
  return event;
}
