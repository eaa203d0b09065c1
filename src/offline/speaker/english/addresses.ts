// E-mail addresses, web addresses, handles and hashtags as they are read aloud.
import { readAlphanumeric } from './read-word.ts';

const email = /^(?:mailto:)?[\w.+-]+@[\w-]+(\.[\w-]+)+$/i;
const web = /^(?:https?:\/\/)?(?:www\.)?((?:[a-z\d-]+\.)+[a-z]{2,})(?::\d+)?(\/[^?#]*)?(?:[?#].*)?$/i;
/** Without a scheme only these endings make a web address of a word with dots. */
const commonEndings = /\.(com|org|net|edu|gov|io|dev|app|ai|co|info|tv|me|uk|de|fr|es|it|eu|ca|au|us)$/i;
const names: Record<string, string> = {
  '.': ' dot ',
  '@': ' at ',
  '/': ' slash ',
  '-': ' dash ',
  _: ' underscore ',
  '+': ' plus ',
  '~': ' tilde ',
  '%': ' percent ',
  ':': ' colon ',
};

/** The words of an address, or undefined when `core` is none. Queries and fragments of web addresses are not read. */
export function readAddress(core: string): string | undefined {
  if (email.test(core)) return spoken(core.replace(/^mailto:/i, ''));
  const tag = /^[#@]([\p{L}\p{N}_]+)$/u.exec(core);
  if (tag && !/^#\d+$/.test(core))
    return `${core.startsWith('#') ? 'hashtag' : 'at'} ${spoken(splitCamel(tag[1]!))}`;
  const found = web.exec(core);
  if (!found) return undefined;
  const [, host, path = ''] = found as unknown as [string, string, string | undefined];
  if (!/^(https?:|www\.)/i.test(core) && !commonEndings.test(host)) return undefined;
  return spoken(host + path.replace(/\/+$/, ''));
}

function splitCamel(text: string): string {
  return text.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ');
}

function spoken(text: string): string {
  return text
    .split(/([.@/\-_+~%:\s])/)
    .map((part) => (Object.hasOwn(names, part) ? names[part]! : readAlphanumeric(part.toLowerCase())))
    .join(' ');
}
