// Builds the smallest voice model that the neural engine really loads: a VITS-shaped ONNX graph, written as protobuf by
// hand, that sounds a tone for each token and silence for the pause between words.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

export const toySampleRate = 16_000;
/** Each letter sounds this long. */
export const toyTokenFrames = 1_280;

const letters = [...'abcdefghijklmnopqrstuvwxyz'];

interface ToyVoice {
  metadata?: Record<string, string>;
  /** Words that it knows; each is spelled by its letters. */
  words: string[];
}

/** Writes `model.onnx`, `tokens.txt` and `lexicon.txt` into `folder`. */
export async function writeToyVoice(folder: string, { words, metadata = {} }: ToyVoice): Promise<void> {
  await mkdir(folder, { recursive: true });
  const facts = {
    sample_rate: `${toySampleRate}`,
    n_speakers: '1',
    language: 'English',
    add_blank: '0',
    punctuation: ', . ? !',
    comment: 'toy',
    ...metadata,
  };
  const tokens = ['_ 0', '  0', ...[',', '.', '?', '!'].map((mark) => `${mark} 0`)];
  await writeFile(path.join(folder, 'model.onnx'), toyModel(facts));
  await writeFile(
    path.join(folder, 'tokens.txt'),
    `${[...tokens, ...letters.map((letter, i) => `${letter} ${i + 1}`)].join('\n')}\n`,
  );
  await writeFile(
    path.join(folder, 'lexicon.txt'),
    `${words.map((word) => `${word} ${[...word].join(' ')}`).join('\n')}\n`,
  );
}

const [float, int64] = [1, 7];

function toyModel(metadata: Record<string, string>): Buffer {
  const wave = Float32Array.from(
    { length: toyTokenFrames },
    (_, i) => 0.3 * Math.sin((2 * Math.PI * 225 * i) / toySampleRate),
  );
  const graph = Buffer.concat([
    node('Cast', ['x'], 'numbers', [attribute('to', float)]),
    node('Sign', ['numbers'], 'sounding'),
    node('Reshape', ['sounding', 'column'], 'each'),
    node('MatMul', ['each', 'wave'], 'waves'),
    node('Reshape', ['waves', 'line'], 'y'),
    text(2, 'toy'),
    bytes(5, tensor('column', int64, [3], Buffer.from(BigInt64Array.of(1n, -1n, 1n).buffer))),
    bytes(5, tensor('line', int64, [3], Buffer.from(BigInt64Array.of(1n, 1n, -1n).buffer))),
    bytes(5, tensor('wave', float, [1, 1, toyTokenFrames], Buffer.from(wave.buffer))),
    bytes(11, value('x', int64, [1, 'N'])),
    bytes(11, value('x_length', int64, [1])),
    ...['noise_scale', 'length_scale', 'noise_scale_w'].map((name) => bytes(11, value(name, float, [1]))),
    bytes(12, value('y', float, [1, 1, 'L'])),
  ]);
  return Buffer.concat([
    number(1, 8),
    bytes(7, graph),
    bytes(8, Buffer.concat([text(1, ''), number(2, 13)])),
    ...Object.entries(metadata).map(([key, fact]) => bytes(14, Buffer.concat([text(1, key), text(2, fact)]))),
  ]);
}

function node(operator: string, inputs: string[], output: string, attributes: Buffer[] = []): Buffer {
  return bytes(
    1,
    Buffer.concat([
      ...inputs.map((name) => text(1, name)),
      text(2, output),
      text(4, operator),
      ...attributes.map((each) => bytes(5, each)),
    ]),
  );
}

const attribute = (name: string, whole: number) =>
  Buffer.concat([text(1, name), number(3, whole), number(20, 2)]);

const tensor = (name: string, type: number, dimensions: number[], raw: Buffer) =>
  Buffer.concat([
    ...dimensions.map((each) => number(1, each)),
    number(2, type),
    text(8, name),
    bytes(9, raw),
  ]);

function value(name: string, type: number, dimensions: (number | string)[]): Buffer {
  const shape = Buffer.concat(
    dimensions.map((each) => bytes(1, typeof each === 'number' ? number(1, each) : text(2, each))),
  );
  const tensorType = Buffer.concat([number(1, type), bytes(2, shape)]);
  return Buffer.concat([text(1, name), bytes(2, bytes(1, tensorType))]);
}

function varint(from: number): Buffer {
  const out: number[] = [];
  for (let left = from; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...out, left]);
    out.push((left % 128) | 128);
  }
}

const number = (field: number, whole: number) => Buffer.concat([varint(field * 8), varint(whole)]);
const bytes = (field: number, content: Buffer) =>
  Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
const text = (field: number, content: string) => bytes(field, Buffer.from(content, 'utf8'));
