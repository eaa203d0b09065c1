// A room: eight delay lines that feed one another (feedback delay network) behind a short diffuser, in stereo.

export interface ReverbOptions {
  sampleRate: number;
  /** Time in which the tail falls by 60 dB. */
  decaySeconds: number;
  /** 0 = bright … 0.9 = dull. */
  damping: number;
  preDelayMs: number;
}

export interface Reverb {
  /** Adds the room's answer to `left`/`right` inputs onto the outputs, `frames` at a time; keeps its tail. */
  process(
    inLeft: Float32Array,
    inRight: Float32Array,
    outLeft: Float32Array,
    outRight: Float32Array,
    frames: number,
  ): void;
}

const lineLengths = [1_423, 1_637, 1_877, 2_053, 2_269, 2_473, 2_719, 2_971];
const diffuserLengths = [142, 379, 107, 277];

/** Lines lie side by side, each in a ring of this many frames. */
const longestLine = Math.max(...lineLengths);

export function createReverb({ sampleRate, decaySeconds, damping, preDelayMs }: ReverbOptions): Reverb {
  const scale = sampleRate / 48_000;
  const lengths = lineLengths.map((length) => Math.round(length * scale));
  const ring = 2 ** Math.ceil(Math.log2(longestLine * scale + 1));
  const mask = ring - 1;
  const lines = new Float32Array(8 * ring);
  const delays = Int32Array.from(lengths);
  const feedback = Float64Array.from(lengths, (length) => 10 ** ((-3 * length) / sampleRate / decaySeconds));
  const low = new Float64Array(8);
  const out = new Float64Array(8);
  const entries = [0, 1].map(() =>
    createEntry(scale, Math.max(1, Math.round((preDelayMs * sampleRate) / 1000))),
  );
  const open = 1 - damping;
  let at = 0;
  let entered = [new Float32Array(0), new Float32Array(0)];

  return {
    process(inLeft, inRight, outLeft, outRight, frames) {
      if (entered[0]!.length < frames) entered = [new Float32Array(frames), new Float32Array(frames)];
      const [left, right] = entered as [Float32Array, Float32Array];
      entries[0]!(inLeft, left, frames);
      entries[1]!(inRight, right, frames);
      for (let i = 0; i < frames; i++) {
        let sum = 0;
        for (let k = 0; k < 8; k++) {
          const state = low[k]! + open * (lines[k * ring + ((at - delays[k]!) & mask)]! - low[k]!);
          low[k] = state;
          const fed = state * feedback[k]!;
          out[k] = fed;
          sum += fed;
        }
        // Householder matrix: every line hears all others, and no energy is made.
        sum *= 0.25;
        // The tiny offset keeps a dying tail out of the slow range of floating-point numbers.
        const l = left[i]! * 0.5 - sum + 1e-20;
        const r = right[i]! * 0.5 - sum + 1e-20;
        for (let k = 0; k < 8; k += 2) {
          lines[k * ring + at] = l + out[k]!;
          lines[(k + 1) * ring + at] = r + out[k + 1]!;
        }
        at = (at + 1) & mask;
        outLeft[i]! += out[0]! - out[2]! + out[4]! + out[6]!;
        outRight[i]! += out[1]! - out[3]! + out[5]! + out[7]!;
      }
    },
  };
}

/** Pre-delay and allpass diffusion of one side. */
function createEntry(scale: number, preDelayFrames: number) {
  const stages = [preDelayFrames, ...diffuserLengths.map((length) => Math.round(length * scale))].map(
    (length) => ({ line: new Float32Array(length), at: 0 }),
  );
  return (input: Float32Array, output: Float32Array, frames: number): void => {
    for (const [k, stage] of stages.entries()) {
      const { line } = stage;
      const source = k === 0 ? input : output;
      const passed = k === 0 ? 0 : 0.62;
      let { at } = stage;
      for (let i = 0; i < frames; i++) {
        const delayed = line[at]!;
        const fed = source[i]! + passed * delayed;
        line[at] = fed;
        output[i] = delayed - passed * fed;
        at = at + 1 === line.length ? 0 : at + 1;
      }
      stage.at = at;
    }
  };
}
