// Tells what is at work here: versions of the software, and the fonts that given texts are set in. For the manifest.
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

import { ffmpegVersion } from 'node-av';

import packageFile from '../../package.json' with { type: 'json' };
import { styleLooks } from '../domain/styles.ts';
import type { MediaTools } from '../ports/media-tools.ts';
import { captionLook } from './caption-look.ts';
import { usedFonts } from './fonts.ts';
import { titleTypefaces } from './title-card.ts';

/** A caption's face does not hang on its size. */
const anyFrame = { width: 1920, height: 1080 };

/** Contract: see MediaTools. */
export const describe: MediaTools['describe'] = async (
  { style, captionStyle, captions, title, language },
  { signal },
) => {
  signal.throwIfAborted();
  const look = captionLook({
    captionStyle: captionStyle ?? styleLooks[style].captions,
    style,
    mood: 'neutral',
    frame: anyFrame,
    luma: 0,
  });
  const fonts = [
    ...usedFonts(captions, language, look.face),
    ...usedFonts(title, language, titleTypefaces[style].face),
  ];
  const byFamily = new Map(fonts.map((font) => [font.family, font]));
  return {
    versions: {
      aiprod: packageFile.version,
      node: process.versions.node,
      ffmpeg: ffmpegVersion(),
      'node-av': versionOf('node-av'),
      canvas: versionOf('@napi-rs/canvas'),
    },
    fonts: [...byFamily.values()].sort((a, b) => (a.family < b.family ? -1 : 1)),
  };
};

function versionOf(name: string): string {
  const file = findPackageJSON(name, import.meta.url)!;
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
