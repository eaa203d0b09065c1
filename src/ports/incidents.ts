// Where operators write what users should know of trouble. Must be readable while the database is not.
import type { Incident } from '../domain/incident.ts';

export interface Incidents {
  /** All that is written there, in any order. Throws `config_invalid` saying what is wrong with it. */
  list(): Promise<Incident[]>;
}
