// What makers hand over.

/** A file that a maker wrote into its scratch folder. */
export interface MadeFile {
  path: string;
  mediaType: string;
}
