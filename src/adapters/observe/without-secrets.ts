// Takes out of a text what opens doors, wherever it stands in it: the last line of defence, not the first.

/** Keys, tokens and signing secrets as they look, and all of a URL but the host. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(
      /\b(?!file:)([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@"']*@)?([^\s/?#"']*)([/?#][^\s"']*)?/gi,
      (_, scheme, host, rest) =>
        rest === undefined || rest === '/' ? `${scheme}${host}` : `${scheme}${host}/…`,
    )
    .replaceAll(/\b(Bearer|Basic) +[\w.~+/=-]+/gi, '$1 [not logged]')
    .replaceAll(/\b(aiprod_[0-9a-f]{8}_|whsec_|sk_|AIza|ya29\.|eyJ)[\w.~+/=-]{8,}/g, '$1[not logged]');
}
