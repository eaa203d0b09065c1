// One thing that production needs, looked at with a cheap call or two: for `aiprod doctor --production`.

export interface Checkup {
  /** Such as `database rights` or `gemini`. */
  readonly name: string;
  /**
   * Resolves with what was found, in a few words and without secrets; costs nothing and leaves nothing behind. Throws an
   * AppError: `not_found` and `forbidden` for what is missing (a thing, a right), any other for what is there and wrong;
   * its hint is the remedy.
   */
  check(signal: AbortSignal): Promise<string>;
}
