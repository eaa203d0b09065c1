// Which addresses belong to the public internet. Everything else (this machine, its network, clouds' metadata services)
// must not be reached by a URL that a user wrote.
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** IANA's special-purpose blocks, multicast, reserved, and one cloud's metadata address outside of them. */
const specialV4 = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24
  192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
  224.0.0.0/4 240.0.0.0/4 168.63.129.16/32`;
/** Within global unicast: protocol assignments with Teredo, documentation, 6to4 (an IPv4 address in disguise). */
const specialV6 = '2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20';

const special = new BlockList();
for (const [block, family] of [
  ...specialV4
    .trim()
    .split(/\s+/)
    .map((each) => [each, 'ipv4'] as const),
  ...specialV6.split(' ').map((each) => [each, 'ipv6'] as const),
]) {
  const [network, bits] = block.split('/');
  special.addSubnet(network!, Number(bits), family);
}

/** Of IPv6 only 2000::/3 is given out to hosts; mapped, translated, local and multicast addresses lie elsewhere. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, 'ipv4');
  return isIPv6(address) && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}
