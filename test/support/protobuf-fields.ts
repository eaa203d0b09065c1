// Reads the fields of a protobuf message by their numbers.

export interface ProtobufFields {
  has(number: number): boolean;
  /** Every text, bytes or message with this number. */
  all(number: number): Buffer[];
  /** The last one; empty when there is none. */
  bytes(number: number): Buffer;
  /** Of a varint or a fixed number; 0 when there is none. */
  number(number: number): bigint;
}

/** Throws for bytes that are no message. */
export function fieldsOf(message: Buffer): ProtobufFields {
  const fields: { number: number; value: bigint | Buffer }[] = [];
  let at = 0;

  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  function take(length: number): Buffer {
    if (at + length > message.length) throw new Error('the message ends within a field');
    at += length;
    return message.subarray(at - length, at);
  }

  while (at < message.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    if (wire === 0) fields.push({ number: tag >> 3, value: varint() });
    else if (wire === 1) fields.push({ number: tag >> 3, value: take(8).readBigUInt64LE() });
    else if (wire === 2) fields.push({ number: tag >> 3, value: take(Number(varint())) });
    else if (wire === 5) fields.push({ number: tag >> 3, value: BigInt(take(4).readUInt32LE()) });
    else throw new Error(`no wire type ${wire} is known`);
  }

  const valuesOf = (number: number) => fields.filter((field) => field.number === number);
  const all = (number: number) =>
    valuesOf(number).flatMap(({ value }) => (typeof value === 'bigint' ? [] : [value]));
  return {
    has: (number) => valuesOf(number).length > 0,
    all,
    bytes: (number) => all(number).at(-1) ?? Buffer.alloc(0),
    number: (number) => {
      const value = valuesOf(number).at(-1)?.value;
      return typeof value === 'bigint' ? value : 0n;
    },
  };
}
