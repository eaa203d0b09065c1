// What each mood asks of the light: the colours of its hour, its weather, and the inks of styles that dye or print.
import type { MoodName } from '../../domain/video-request.ts';
import { type Colour, hex } from './colour.ts';

/** From straight above down to the horizon. */
export type Sky = [Colour, Colour, Colour, Colour];

export interface Hour {
  sky: Sky;
  light: Colour;
  near: Colour;
  accent: Colour;
  second: Colour;
  night: boolean;
  /** How much of a thing's own lightness is left. */
  exposure: number;
}

const sky = (codes: string): Sky => codes.split(' ').map(hex) as Sky;

const hour = (colours: string, rest: string, night: boolean, exposure: number): Hour => {
  const [light, near, accent, second] = rest.split(' ').map(hex) as [Colour, Colour, Colour, Colour];
  return { sky: sky(colours), light, near, accent, second, night, exposure };
};

/** Each mood has an hour of its own: blood-red dusk, lilac dawn, gold morning, green night, violet night … */
export const hours: Record<MoodName, Hour> = {
  dramatic: hour('#0b1128 #45233f #b8402c #f5943f', '#ffc27a #0a0810 #ff5a36 #ffb347', false, 0.78),
  calm: hour('#8d9bcb #bfb3d6 #eec6cd #fde2d2', '#fff0e4 #3a4560 #e88f86 #86b9c9', false, 0.98),
  uplifting: hour('#3c97d6 #a5cfe0 #ffcb62 #ffe694', '#fff0b4 #2b4632 #ff9d1e #ff7a59', false, 1.06),
  tense: hour('#03070a #0b1c1b #2a4a40 #6c8a6c', '#d3e8bb #020504 #d7263d #7aa39b', true, 0.6),
  mysterious: hour('#0d0733 #2c1c68 #5c479f #a189d6', '#d6ccff #090622 #a27bff #54d3c2', true, 0.74),
  playful: hour('#0fb3cf #66dccb #ffbcdc #ffe58a', '#fffbd0 #43276f #ff4f8b #ffd23f', false, 1.12),
  melancholic: hour('#3d4c60 #5d6d80 #838f9b #a4adb4', '#d5dade #1d252f #6f93b5 #b58b7a', false, 0.8),
  epic: hour('#04143a #144a96 #ea8a24 #ffdd7c', '#ffe7a8 #080b1a #ffb000 #3fa7d6', false, 0.9),
  neutral: hour('#2b70b8 #5f9fd8 #9fc9ea #d3e7f4', '#fffdf4 #26353b #3d8bd4 #e0a23c', false, 1),
};

/** How much of a style's air, clouds and glow a mood keeps; 1 = all of it. */
export const weather: Record<MoodName, { haze: number; clouds: number; glow: number }> = {
  dramatic: { haze: 0.85, clouds: 1.3, glow: 1.1 },
  calm: { haze: 1.2, clouds: 0.5, glow: 0.85 },
  uplifting: { haze: 1, clouds: 0.75, glow: 1.2 },
  tense: { haze: 0.8, clouds: 1.35, glow: 0.6 },
  mysterious: { haze: 1.35, clouds: 0.9, glow: 0.9 },
  playful: { haze: 0.75, clouds: 0.6, glow: 1 },
  melancholic: { haze: 1.25, clouds: 1.45, glow: 0.5 },
  epic: { haze: 0.9, clouds: 1.1, glow: 1.3 },
  neutral: { haze: 0.8, clouds: 0.8, glow: 0.75 },
};

interface Dye {
  /** In degrees: of plain grounds. */
  hue: number;
  /** In degrees: a ground that runs from one hue to another, from the top down. */
  from: number;
  to: number;
  /** As a share of the style's. */
  chroma: number;
  /** -1 = as dark as the style goes … 1 = as bright. */
  light: number;
}

/** The colours that designed styles dye their grounds with. */
export const dyes: Record<MoodName, Dye> = {
  dramatic: { hue: 22, from: 358, to: 402, chroma: 1, light: -0.55 },
  calm: { hue: 192, from: 230, to: 352, chroma: 0.7, light: 0.5 },
  uplifting: { hue: 78, from: 46, to: 100, chroma: 1, light: 0.8 },
  tense: { hue: 168, from: 196, to: 128, chroma: 0.7, light: -1 },
  mysterious: { hue: 302, from: 268, to: 318, chroma: 1, light: -0.3 },
  playful: { hue: 352, from: 312, to: 425, chroma: 1, light: 0.6 },
  melancholic: { hue: 246, from: 262, to: 225, chroma: 0.2, light: -0.12 },
  epic: { hue: 266, from: 262, to: 432, chroma: 1.2, light: -0.65 },
  neutral: { hue: 242, from: 252, to: 195, chroma: 0.5, light: 1 },
};

/** Four inks of a print, from the top of the sky to the horizon. */
export const prints: Record<MoodName, Sky> = {
  dramatic: sky('#2b1430 #702440 #c8452c #f3a24c'),
  calm: sky('#7fa79f #b3c8ae #ecd5b0 #f7e8cf'),
  uplifting: sky('#2f8190 #93c3a3 #f4c04a #fbe6a4'),
  tense: sky('#0d1a1a #1d3c38 #5c6b3a #c3a04c'),
  mysterious: sky('#1b1342 #432a7e #8b4ca2 #e795b5'),
  playful: sky('#ee5f86 #f7a06c #f8d56c #fef2c8'),
  melancholic: sky('#2d3b52 #566a80 #8f9d9f #c9bfa6'),
  epic: sky('#0f2c4e #2b6b88 #e98634 #ffda88'),
  neutral: sky('#4e86ab #8fb7c2 #cfd2bd #efe5d4'),
};

/** Black and white: greys 0..1 of the sky, of lights, of what is near and of the air, and how far apart light and dark are. */
interface Greys {
  sky: [number, number, number, number];
  light: number;
  near: number;
  haze: number;
  contrast: number;
  night: boolean;
}

const grey = (sky: Greys['sky'], [light, near, haze, contrast]: number[], night: boolean): Greys => ({
  sky,
  light: light!,
  near: near!,
  haze: haze!,
  contrast: contrast!,
  night,
});

export const greys: Record<MoodName, Greys> = {
  dramatic: grey([0.03, 0.07, 0.24, 0.7], [0.985, 0.03, 0.26, 1.5], true),
  calm: grey([0.6, 0.67, 0.74, 0.82], [0.96, 0.24, 0.78, 0.7], false),
  uplifting: grey([0.7, 0.82, 0.92, 0.985], [0.99, 0.05, 0.88, 1.25], false),
  tense: grey([0.015, 0.03, 0.06, 0.12], [0.86, 0.015, 0.09, 1.4], true),
  mysterious: grey([0.16, 0.27, 0.4, 0.52], [0.72, 0.12, 0.48, 0.7], true),
  playful: grey([0.97, 0.86, 0.68, 0.5], [0.985, 0.03, 0.55, 1.4], false),
  melancholic: grey([0.45, 0.5, 0.55, 0.6], [0.72, 0.2, 0.55, 0.6], false),
  epic: grey([0.04, 0.2, 0.66, 0.985], [0.99, 0.02, 0.66, 1.45], true),
  neutral: grey([0.34, 0.46, 0.6, 0.76], [0.94, 0.1, 0.62, 1], false),
};
