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

export function createReverb({ sampleRate, decaySeconds, damping, preDelayMs }: ReverbOptions): Reverb {
  const scale = sampleRate / 48_000;
  const lengths = lineLengths.map((length) => Math.round(length * scale));
  const lines = lengths.map((length) => new Float32Array(length));
  const feedback = Float64Array.from(lengths, (length) => 10 ** ((-3 * length) / sampleRate / decaySeconds));
  const at = new Int32Array(lines.length);
  const low = new Float64Array(lines.length);
  const out = new Float64Array(lines.length);
  const entry = [0, 1].map(() =>
    createEntry(scale, Math.max(1, Math.round((preDelayMs * sampleRate) / 1000))),
  );

  return {
    process(inLeft, inRight, outLeft, outRight, frames) {
      const [left, right] = entry as [(x: number) => number, (x: number) => number];
      for (let i = 0; i < frames; i++) {
        const l = left(inLeft[i]!);
        const r = right(inRight[i]!);
        let sum = 0;
        for (let k = 0; k < 8; k++) {
          low[k]! += (1 - damping) * (lines[k]![at[k]!]! - low[k]!);
          out[k] = low[k]! * feedback[k]!;
          sum += out[k]!;
        }
        // Householder matrix: every line hears all others, and no energy is made.
        sum *= 0.25;
        for (let k = 0; k < 8; k++) {
          const line = lines[k]!;
          // The tiny offset keeps a dying tail out of the slow range of floating-point numbers.
          line[at[k]!] = (k & 1 ? r : l) * 0.5 + out[k]! - sum + 1e-20;
          at[k] = at[k]! + 1 === line.length ? 0 : at[k]! + 1;
        }
        outLeft[i]! += out[0]! - out[2]! + out[4]! + out[6]!;
        outRight[i]! += out[1]! - out[3]! + out[5]! + out[7]!;
      }
    },
  };
}

/** Pre-delay and allpass diffusion of one side. */
function createEntry(scale: number, preDelayFrames: number): (x: number) => number {
  const wait = new Float32Array(preDelayFrames);
  let waitAt = 0;
  const passes = diffuserLengths.map((length) => new Float32Array(Math.round(length * scale)));
  const at = new Int32Array(passes.length);
  return (x) => {
    let y = wait[waitAt]!;
    wait[waitAt] = x;
    waitAt = waitAt + 1 === wait.length ? 0 : waitAt + 1;
    for (let k = 0; k < passes.length; k++) {
      const line = passes[k]!;
      const delayed = line[at[k]!]!;
      const fed = y + 0.62 * delayed;
      line[at[k]!] = fed;
      y = delayed - 0.62 * fed;
      at[k] = at[k]! + 1 === line.length ? 0 : at[k]! + 1;
    }
    return y;
  };
}
