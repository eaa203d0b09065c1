// How many requests a day may be made to a provider whose requests cost no money but are counted there.
export interface RequestBudget {
  /**
   * Counts one request, for all instances together; false = `most` were made today (UTC) already, and this one may not be.
   * Throws `database_unavailable`.
   */
  take(provider: string, most: number): Promise<boolean>;
}
