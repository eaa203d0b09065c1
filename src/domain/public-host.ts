// Which host names in users' URLs may be asked at all, going by the name alone. Where a name leads is looked at by whoever asks.

export const notPublic = 'must name a public host';

/** `hostname` of a parsed URL. Why it is refused, such as `notPublic`; undefined when its form is fine. */
export function faultOfPublicHost(hostname: string): string | undefined {
  // URL has turned decimal, octal and hexadecimal forms into these.
  if (hostname.startsWith('[') || /^[\d.]+$/.test(hostname)) return 'must name a host, not an address';
  const name = hostname.replace(/\.+$/, '');
  const isPrivate = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|onion|arpa)$/.test(name);
  return isPrivate || !name.includes('.') ? notPublic : undefined;
}
