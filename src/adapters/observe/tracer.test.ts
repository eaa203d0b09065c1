import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';

import { type Part, within } from '../../ports/tracer.ts';
import { parseTraceParent, toTraceParent } from './trace-parent.ts';
import { createTracer, type StartSpan } from './tracer.ts';

const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Spans with speaking ids. */
function recordSpans() {
  const spans: (Part & { parent?: string | undefined; link?: string | undefined; ends: unknown[] })[] = [];
  const startSpan: StartSpan = (part, { parent, link }) => {
    const span = { ...part, parent: parent?.spanId, link: link?.spanId, ends: [] as unknown[] };
    spans.push(span);
    const context = { traceId: parent?.traceId ?? `trace of ${part.name}`, spanId: part.name, sampled: true };
    return { context, set() {}, end: (failure) => void span.ends.push(failure) };
  };
  return { spans, startSpan };
}

describe('a tracer', () => {
  it('knows the part across whatever is awaited, and of works at once each its own', async () => {
    const tracer = createTracer();
    const seen = (job: number) =>
      within(tracer, { name: 'job', kind: 'consumer', facts: { job } }, async () => {
        await setImmediate();
        return within(tracer, { name: 'step', kind: 'internal', facts: { step: `s${job}` } }, async () => {
          await setTimeout(1);
          return tracer.place()?.facts;
        });
      });
    expect(await Promise.all([seen(1), seen(2)])).toEqual([
      { job: 1, step: 's1' },
      { job: 2, step: 's2' },
    ]);
    expect(tracer.place()).toBeUndefined();
  });

  it('keeps no spans by default, and passes on the trace that it was given', () => {
    const tracer = createTracer();
    expect(tracer.traceParent()).toBeUndefined();
    tracer.open({ name: 'a', kind: 'server', traceParent: given }).run(() => {
      tracer.open({ name: 'b', kind: 'internal' }).run(() => expect(tracer.traceParent()).toBe(given));
    });
    tracer
      .open({ name: 'a', kind: 'server', traceParent: 'no such thing' })
      .run(() => expect(tracer.traceParent()).toBeUndefined());
  });

  it('opens spans within spans; what goes on from elsewhere is linked to the part that led there', async () => {
    const { spans, startSpan } = recordSpans();
    const tracer = createTracer(startSpan);
    await within(tracer, { name: 'push', kind: 'server' }, () =>
      within(tracer, { name: 'job', kind: 'consumer', traceParent: given }, () =>
        within(tracer, { name: 'step', kind: 'internal' }, async () => {}),
      ),
    );
    expect(spans).toEqual([
      { name: 'push', kind: 'server', parent: undefined, link: undefined, ends: [undefined] },
      {
        name: 'job',
        kind: 'consumer',
        traceParent: given,
        parent: 'b7ad6b7169203331',
        link: 'push',
        ends: [undefined],
      },
      { name: 'step', kind: 'internal', parent: 'job', link: undefined, ends: [undefined] },
    ]);
  });

  it('links what strangers led to, and begins a trace of its own', () => {
    const { spans, startSpan } = recordSpans();
    const tracer = createTracer(startSpan);
    tracer.open({ name: 'a', kind: 'server', cameFrom: given }).run(() => {
      expect(tracer.place()?.trace?.traceId).toBe('trace of a');
    });
    expect(spans).toMatchObject([{ parent: undefined, link: 'b7ad6b7169203331' }]);
    createTracer()
      .open({ name: 'a', kind: 'server', cameFrom: given })
      .run(() => expect(tracer.traceParent()).toBeUndefined());
  });

  it('ends a part once, with what was thrown in it', async () => {
    const { spans, startSpan } = recordSpans();
    const tracer = createTracer(startSpan);
    const fault = new Error('x');
    const failing = within(tracer, { name: 'a', kind: 'internal' }, async (part) => {
      part.end('code');
      throw fault;
    });
    await expect(failing).rejects.toBe(fault);
    expect(spans[0]!.ends).toEqual(['code']);
    const other = within(tracer, { name: 'b', kind: 'internal' }, () => Promise.reject(fault));
    await expect(other).rejects.toBe(fault);
    expect(spans[1]!.ends).toEqual([fault]);
  });
});

test.each([
  undefined,
  null,
  '',
  'x',
  given.toUpperCase(),
  `${given}-more`,
  `ff${given.slice(2)}`,
  given.slice(0, -1),
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
  `${given}\nx`,
])('%j is no traceparent', (text) => {
  expect(parseTraceParent(text)).toBeUndefined();
});

test('a traceparent is read and written, also one of a later version', () => {
  expect(toTraceParent(parseTraceParent(given)!)).toBe(given);
  expect(toTraceParent(parseTraceParent(`${given.slice(0, -2)}02`)!)).toBe(`${given.slice(0, -2)}00`);
  expect(toTraceParent(parseTraceParent(`01${given.slice(2)}-and-more`)!)).toBe(given);
});
