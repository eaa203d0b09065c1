// Fetches a user's image or clip from an https URL that the user wrote. The URL is not trusted.
import type { MadeFile } from './made-file.ts';
import type { WorkContext } from './work-context.ts';

export interface MediaFetcher {
  /**
   * The bytes at `url` as a file in the scratch folder, its type told by its first bytes. Only from public addresses,
   * without following redirects, within the limits of domain/user-media.ts. Throws `media_refused` (the URL, where it
   * leads, or what is there), `media_unreachable` (may work next time), `storage_full`, or the signal's reason.
   */
  fetch(url: string, context: WorkContext): Promise<MadeFile>;
}
