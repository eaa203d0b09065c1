// Freesound's licences: what its filter calls them, and which of them an address of Creative Commons stands for.

/** As the search filter names them, with what they are called elsewhere. */
const known = {
  'Creative Commons 0': { short: 'cc0', path: /^\/publicdomain\/zero\/(1\.0)\/$/, title: 'CC0' },
  Attribution: { short: 'by', path: /^\/licenses\/by\/(\d\.\d)\/$/, title: 'CC BY' },
  'Attribution NonCommercial': { short: 'by-nc', path: /^\/licenses\/by-nc\/(\d\.\d)\/$/, title: 'CC BY-NC' },
} as const;

export type FreesoundLicence = keyof typeof known;
export const freesoundLicences = Object.keys(known) as FreesoundLicence[];

export function shortNameOf(licence: FreesoundLicence): string {
  return known[licence].short;
}

export interface LicenceFound {
  licence: FreesoundLicence;
  /** Such as `CC BY 4.0`. */
  title: string;
  url: string;
}

/** Undefined = none that is known, such as Sampling+. */
export function readLicence(address: string): LicenceFound | undefined {
  const url = URL.parse(address);
  if (url === null || !/^(www\.)?creativecommons\.org$/.test(url.hostname)) return undefined;
  for (const licence of freesoundLicences) {
    const { path, title } = known[licence];
    const version = path.exec(url.pathname)?.[1];
    if (version !== undefined)
      return { licence, title: `${title} ${version}`, url: `https://creativecommons.org${url.pathname}` };
  }
  return undefined;
}
