// The user's own images and clips for `make`: which scene each belongs to, and the scenes as the API takes them.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';

import { CommandError, exitCodes } from './exit-codes.ts';

/** Scene, from 1, and the path or URL of what it shows. */
type OwnMedia = Map<number, string>;

export interface ScenePlan {
  /** What each scene says. */
  texts: string[];
  media: OwnMedia;
}

const isUrl = (source: string) => /^https?:\/\//i.test(source);

/**
 * The paragraphs of `script` as scenes, and what `values` (`2=harbour.jpg`) put into them. Throws CommandErrors for values
 * of another form, scenes that are not there, and files that cannot be read.
 */
export async function planScenes(script: string, values: string[]): Promise<ScenePlan> {
  const texts = script
    .split(/\r?\n[^\S\n]*\r?\n/)
    .map((text) => text.trim())
    // A line of stars between two paragraphs says nothing.
    .filter((text) => /[\p{L}\p{N}]/u.test(text));
  const media: OwnMedia = new Map();
  for (const value of values) {
    const [, number, source = ''] = /^\s*(\d+)\s*=\s*(.+?)\s*$/s.exec(value) ?? [];
    if (number === undefined) {
      throw refused(
        `--media ${value} does not say which scene.`,
        'Write --media 2=harbour.jpg: the second paragraph of the script shows that picture.',
      );
    }
    const scene = Number(number);
    if (scene < 1 || scene > texts.length) {
      throw refused(
        `--media ${value}: the script has ${texts.length === 1 ? 'one scene' : `${texts.length} scenes`}.`,
        'With --media every paragraph is a scene: part them by blank lines and count from 1.',
      );
    }
    if (media.has(scene)) throw refused(`--media gives scene ${scene} two pictures.`, 'Give each scene one.');
    if (!isUrl(source)) await mustBeReadable(source);
    media.set(scene, source);
  }
  return { texts, media };
}

/** `scenes` of a request. Each file is handed to `upload` once, which answers the id of its asset. */
export async function placeMedia(
  { texts, media }: ScenePlan,
  fit: string | undefined,
  upload: (path: string) => Promise<string>,
): Promise<Record<string, unknown>[]> {
  const ids = new Map<string, string>();
  for (const source of media.values()) {
    if (!isUrl(source) && !ids.has(source)) ids.set(source, await upload(source));
  }
  return texts.map((text, index) => {
    const source = media.get(index + 1);
    if (source === undefined) return { text };
    const from = isUrl(source) ? { url: source } : { asset_id: ids.get(source) };
    return { text, media: { ...from, ...(fit !== undefined && { fit }) } };
  });
}

async function mustBeReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refused(
      `Cannot read the picture ${path} (${code}).`,
      'Give the path of an image or clip, or an https URL.',
    );
  }
  if (!(await stat(path)).isFile()) {
    throw refused(`${path} is not a file.`, 'Give the path of an image or clip, or an https URL.');
  }
}

function refused(message: string, hint: string): CommandError {
  return new CommandError(exitCodes.usage, message, hint);
}
