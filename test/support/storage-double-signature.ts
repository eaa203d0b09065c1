// Checks a V4 signed URL as Cloud Storage does: from the rules of the signing process, not with the library that made it.
import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';

import { ApiFault } from './storage-double-bucket.ts';

export interface SigningKey {
  /** The JSON key file of a service account, as Google gives them out. */
  keyFile: string;
  clientEmail: string;
  publicKey: string;
}

export function makeSigningKey(): SigningKey {
  const clientEmail = 'signer@aiprod-test.iam.gserviceaccount.com';
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const keyFile = JSON.stringify({
    type: 'service_account',
    project_id: 'aiprod-test',
    private_key_id: 'test',
    private_key: privateKey,
    client_email: clientEmail,
    client_id: '1',
    token_uri: 'https://oauth2.googleapis.com/token',
  });
  return { keyFile, clientEmail, publicKey };
}

/** Throws an ApiFault unless `url` was signed by the key for this method and has not expired. */
export function checkSignature(
  method: string,
  url: URL,
  headers: NodeJS.Dict<string>,
  key: SigningKey,
): void {
  const param = (name: string) => {
    const value = url.searchParams.get(`X-Goog-${name}`);
    if (value === null) throw new ApiFault(400, 'AuthenticationRequired', `X-Goog-${name} is missing.`);
    return value;
  };
  if (param('Algorithm') !== 'GOOG4-RSA-SHA256') throw refused('The algorithm is not known.');
  const [, email, day, rest] = /^([^/]+)\/(\d{8})(\/.+)$/.exec(param('Credential')) ?? [];
  if (email !== key.clientEmail) throw refused('The signer is not known.');
  if (rest !== '/auto/storage/goog4_request') throw refused('The scope is wrong.');

  const date = param('Date');
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  if (`${y}${mo}${d}` !== day) throw refused('The date is not that of the scope.');
  const seconds = Number(param('Expires'));
  if (!(seconds >= 1 && seconds <= 604_800))
    throw new ApiFault(400, 'AuthenticationRequired', 'Expires is wrong.');
  const ends = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) + seconds * 1000;

  const signedHeaders = param('SignedHeaders');
  const canonicalHeaders = signedHeaders.split(';').map((name) => {
    const value = headers[name];
    if (value === undefined) throw refused(`The signed header ${name} is missing.`);
    // The library signs the host without its port; Cloud Storage itself has none.
    return `${name}:${name === 'host' ? value.replace(/:\d+$/, '') : value.trim()}\n`;
  });
  if (!signedHeaders.split(';').includes('host')) throw refused('The host is not signed.');
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Goog-Signature')
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .sort()
    .join('&');
  const request = [method, url.pathname, query, canonicalHeaders.join(''), signedHeaders, 'UNSIGNED-PAYLOAD'];
  const digest = createHash('sha256').update(request.join('\n')).digest('hex');
  const toSign = ['GOOG4-RSA-SHA256', date, `${day}${rest}`, digest].join('\n');
  const valid = createVerify('RSA-SHA256').update(toSign).verify(key.publicKey, param('Signature'), 'hex');
  if (!valid) throw refused('The request signature we calculated does not match the signature you provided.');
  if (Date.now() > ends) throw new ApiFault(400, 'ExpiredToken', 'The provided token has expired.');
}

const refused = (message: string) => new ApiFault(403, 'SignatureDoesNotMatch', message);

const percentEncode = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
