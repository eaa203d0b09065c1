// What an ear tells words apart by: the shape of the spectrum, ten milliseconds at a time. Independent of level and of the
// overall colour of a voice, so that two voices can be laid over one another.

export const frameMs = 10;
const windowMs = 25;
const bands = 20;
const lowestHz = 120;
const highestHz = 6_800;
/** Quieter than this below the loudest frame counts as silence. */
const floorDb = 55;

/** One row of numbers a frame: log energies of mel bands, then their slopes. */
export function spectralFrames(samples: Float32Array, sampleRate: number): Float32Array[] {
  const size = 2 ** Math.ceil(Math.log2((windowMs * sampleRate) / 1000));
  const reach = Math.round((windowMs * sampleRate) / 1000);
  const taper = Float64Array.from(
    { length: reach },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / reach),
  );
  const filters = melFilters(size, sampleRate);
  const count = Math.max(1, Math.floor((samples.length * 1000) / sampleRate / frameMs));
  const rows: Float32Array[] = [];
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  for (let frame = 0; frame < count; frame++) {
    const middle = ((frame + 0.5) * frameMs * sampleRate) / 1000;
    const from = Math.round(middle - reach / 2);
    re.fill(0);
    im.fill(0);
    for (let i = 0; i < reach; i++) re[i] = (samples[from + i] ?? 0) * taper[i]!;
    transform(re, im);
    rows.push(Float32Array.from(filters, (filter) => filter(re, im)));
  }
  return withSlopes(normalise(rows));
}

function melFilters(size: number, sampleRate: number): ((re: Float64Array, im: Float64Array) => number)[] {
  const mel = (hz: number) => 1127 * Math.log(1 + hz / 700);
  const hertz = (value: number) => 700 * (Math.exp(value / 1127) - 1);
  const top = mel(Math.min(highestHz, 0.45 * sampleRate));
  const edges = Array.from({ length: bands + 2 }, (_, i) =>
    hertz(mel(lowestHz) + ((top - mel(lowestHz)) * i) / (bands + 1)),
  );
  return Array.from({ length: bands }, (_, band) => {
    const [low, centre, high] = [edges[band]!, edges[band + 1]!, edges[band + 2]!];
    const first = Math.floor((low * size) / sampleRate);
    const last = Math.ceil((high * size) / sampleRate);
    return (re, im) => {
      let energy = 1e-12;
      for (let bin = first; bin <= last; bin++) {
        const hz = (bin * sampleRate) / size;
        const weight = Math.max(0, Math.min((hz - low) / (centre - low), (high - hz) / (high - centre)));
        energy += weight * (re[bin]! * re[bin]! + im[bin]! * im[bin]!);
      }
      return 10 * Math.log10(energy);
    };
  });
}

/** Every band around its own mean while something sounds, silence at a floor. */
function normalise(rows: Float32Array[]): Float32Array[] {
  const loudness = rows.map((row) => row.reduce((sum, value) => sum + value, 0) / bands);
  const loudest = loudness.reduce((a, b) => Math.max(a, b), -200);
  const sounding = rows.filter((_, i) => loudness[i]! > loudest - floorDb);
  const mean = Float64Array.from(
    { length: bands },
    (_, band) => sounding.reduce((sum, row) => sum + row[band]!, 0) / sounding.length,
  );
  return rows.map((row) => row.map((value, band) => Math.max(-35, value - mean[band]!) / 10));
}

function withSlopes(rows: Float32Array[]): Float32Array[] {
  return rows.map((row, i) => {
    const before = rows[Math.max(0, i - 2)]!;
    const after = rows[Math.min(rows.length - 1, i + 2)]!;
    return Float32Array.from({ length: 2 * bands }, (_, k) =>
      k < bands ? row[k]! : 0.7 * (after[k - bands]! - before[k - bands]!),
    );
  });
}

/** In place, radix two. */
function transform(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  for (let length = 2; length <= size; length <<= 1) {
    const angle = (-2 * Math.PI) / length;
    for (let from = 0; from < size; from += length) {
      for (let k = 0; k < length / 2; k++) {
        const [cos, sin] = [Math.cos(angle * k), Math.sin(angle * k)];
        const [a, b] = [from + k, from + k + length / 2];
        const real = re[b]! * cos - im[b]! * sin;
        const imaginary = re[b]! * sin + im[b]! * cos;
        re[b] = re[a]! - real;
        im[b] = im[a]! - imaginary;
        re[a]! += real;
        im[a]! += imaginary;
      }
    }
  }
}
