// Grey skies and falling rain, shared by rain and storm.
import { between } from '../../../domain/random.ts';
import { atLightness, blend, css, lch, white } from '../colour.ts';
import { type Brush, relit, type Stage } from '../stage.ts';

/** Overcast: less colour, less light, closer air. `dark` 0 = a grey day … 1 = the blackest cloud. */
export function overcast(stage: Stage, dark: number): Stage {
  const { palette, treatment } = stage;
  const drawn = ['flat', 'mesh', 'clean', 'bands'].includes(treatment.sky);
  const grey = palette.grade(lch(0.5, 0.035, 240));
  const sky = palette.sky.map((c, i) => {
    if (drawn) return blend(c, atLightness(grey, c[0] * (0.85 - 0.35 * dark)), 0.25 + 0.35 * dark);
    const l = (0.34 + 0.09 * i) * (1 - 0.55 * dark) + 0.16 * c[0] + 0.05 * i * dark;
    return blend(atLightness(grey, l), atLightness(c, l), 0.4);
  }) as Stage['palette']['sky'];
  return relit(stage, {
    palette: {
      ...palette,
      sky,
      haze: blend(sky[3], sky[2], 0.5),
      light: blend(palette.light, white, 0.2),
      night: palette.night || treatment.sky === 'graded',
    },
  });
}

/** Streaks that fall aslant. */
export function paintStreaks(
  brush: Brush,
  stage: Stage,
  name: string,
  look: { count: number; long: number; alpha: number; wide: number },
): void {
  const { width, height, short, palette } = stage;
  const random = stage.random(`streaks ${name}`);
  brush.strokeStyle = css(blend(palette.light, palette.haze, 0.3), look.alpha);
  brush.lineWidth = short * look.wide;
  brush.lineCap = 'round';
  brush.beginPath();
  for (let i = 0; i < look.count * (width / short); i++) {
    const x = random() * width * 1.1;
    const y = random() * height;
    const long = short * look.long * between(random, 0.5, 1.2);
    brush.moveTo(x, y);
    brush.lineTo(x - long * 0.17, y + long);
  }
  brush.stroke();
}
