// Chooses how a scene is composed: which painter of its motif, what its words name, and from how near it is seen.
import { type Motif, waysToCompose } from '../../domain/storyboard.ts';
import { iconScenes } from './icons/icon-scenes.ts';
import { iconsOfMotif } from './icons/things.ts';
import { motifPainters } from './motifs/all.ts';
import type { Brush, Composition, Stage } from './stage.ts';

/** How a place is framed, in turn: how near, towards which point (shares of width and height), and whether mirrored. */
const framings = [
  { zoom: 1, x: 0.5, y: 0.5, mirrored: false },
  { zoom: 1.42, x: 0.36, y: 0.6, mirrored: true },
  { zoom: 1.2, x: 0.7, y: 0.36, mirrored: false },
  { zoom: 1.62, x: 0.6, y: 0.66, mirrored: false },
  { zoom: 1.1, x: 0.5, y: 0.62, mirrored: true },
];
/** Nearer than this, things that words mention would leave the picture. */
const nearestWithThings = 1.08;

/** Icons may take the place of these when words name a thing that no painter of the motif shows. */
const yielding: Motif[] = ['abstract', 'people', 'portrait'];

/** `frame` is laid on the brush before each layer. */
export function compose(stage: Stage): { composition: Composition; frame(brush: Brush): void } {
  const { motif, icons } = stage;
  const way = stage.variant % waysToCompose;
  const company = iconsOfMotif[motif];
  const uncropped = () => undefined;
  if (company !== undefined || (icons.length > 0 && yielding.includes(motif))) {
    const turn = Math.floor(stage.random('icons')() * (company?.length ?? 1));
    const others = [...(company ?? []).slice(turn), ...(company ?? []).slice(0, turn)];
    const named = icons.length > 0 ? [...icons] : others.slice(0, 2);
    const [first, ...rest] = iconScenes;
    const composition =
      way > 0
        ? rest[(way - 1) % rest.length]!(stage, named, others)
        : icons.length > 0
          ? first(stage, named, others)
          : motifPainters[motif](stage);
    return { composition, frame: uncropped };
  }
  const framing = framings[way % framings.length]!;
  const zoom = stage.mentions.size > 0 ? Math.min(framing.zoom, nearestWithThings) : framing.zoom;
  return { composition: motifPainters[motif](stage), frame: framed(stage, { ...framing, zoom }) };
}

function framed({ width, height }: Stage, { zoom, x, y, mirrored }: (typeof framings)[number]) {
  return (brush: Brush) => {
    if (mirrored) brush.transform(-1, 0, 0, 1, width, 0);
    // The point stays where it is while all around it grows.
    brush.transform(zoom, 0, 0, zoom, width * x * (1 - zoom), height * y * (1 - zoom));
  };
}
