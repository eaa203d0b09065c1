// Reads from a WebAssembly binary where its memory begins to hold variables: linkers of C put constants into the first
// data segment, variables into the next, and stack and heap behind both.

const magicBytes = 8;
const dataSection = 11;
const activeSegment = 0;

/** Address of the second data segment. Throws when the binary is not laid out like that. */
export function variablesStart(binary: Uint8Array): number {
  let at = magicBytes;

  function number(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = binary[at++]!;
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return value;
    }
  }

  while (at < binary.length) {
    const section = binary[at++];
    const end = number() + at;
    if (section !== dataSection) {
      at = end;
      continue;
    }
    const addresses: number[] = [];
    for (let left = number(); left > 0; left--) {
      if (number() !== activeSegment) break;
      // `i32.const address end`
      at++;
      addresses.push(number());
      at++;
      const bytes = number();
      at += bytes;
    }
    if (addresses.length === 2 && addresses[1]! > addresses[0]!) return addresses[1]!;
    break;
  }
  throw new Error('the module does not keep constants and variables apart');
}
