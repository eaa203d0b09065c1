// The text that a video is published with: its title, and who made what is not one's own, as licences ask for it.
import { visibleText } from '../domain/visible-text.ts';
import type { Right } from './manifest.ts';

/**
 * Title; one line per work of somebody else with title, author, source and licence, and that it was changed; and what the
 * video was made with. Each on a line of its own, whatever is in them.
 */
export function toDescription(title: string, rights: Right[]): string {
  const credits = rights.filter(({ author }) => author !== undefined).map(creditLine);
  return [
    oneLine(title),
    '',
    ...(credits.length > 0 ? ['Credits (works were cut and mixed):', ...credits, ''] : []),
    'Made with AIPROD.',
    '',
  ].join('\n');
}

function creditLine({ item, author, url, licence, licence_url: licenceUrl }: Right): string {
  const terms = licenceUrl === undefined ? licence : `${licence} (${licenceUrl})`;
  return oneLine(`- “${item}” by ${author}, ${url}, ${terms}`);
}

/** What a name brings along must not look like another line, nor turn this one about. */
function oneLine(text: string): string {
  return visibleText(text).replaceAll(/\s+/gu, ' ').trim();
}
