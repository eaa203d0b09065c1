// The `traceparent` header of W3C Trace Context: how one program tells the next which trace it is part of.

/** Lower-case hex ids of 32 and 16 digits. */
export interface TraceContext {
  traceId: string;
  spanId: string;
  /** Whether whoever began the trace keeps it. */
  sampled: boolean;
}

const pattern = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Undefined for whatever is no `traceparent`. Later versions of the header may say more at its end. */
export function parseTraceParent(text: string | null | undefined): TraceContext | undefined {
  const [, version, traceId, spanId, flags, more] = pattern.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || (version === '00' && more !== undefined))
    return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags!, 16) & 1) === 1 };
}

export function toTraceParent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-0${sampled ? 1 : 0}`;
}
