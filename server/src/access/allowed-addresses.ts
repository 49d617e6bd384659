import { BlockList, isIP } from 'node:net'

/** A network in CIDR notation (RFC 4632, RFC 4291 §2.3); a single address has all its bits. */
type Network = { address: string; bits: number; family: 'ipv4' | 'ipv6' }

/** Reads `192.0.2.0/24`, `2001:db8::/32` or a single address; undefined for anything else. */
export function readNetwork(text: string): Network | undefined {
  const [, address = '', prefix] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  if (version === 0) return undefined
  const max = version === 4 ? 32 : 128
  const bits = prefix === undefined ? max : Number(prefix)
  return bits <= max ? { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined
}

/** Whether an IPv4 network's address has bits beyond its prefix: its author may have meant one address. */
export function hasHostBits({ address, bits, family }: Network): boolean {
  return family === 'ipv4' && lowestOf(address, bits) !== address
}

function lowestOf(address: string, bits: number): string {
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - bits)
  const lowest = Math.floor(value / size) * size
  return [24, 16, 8, 0].map((shift) => Math.floor(lowest / 2 ** shift) % 256).join('.')
}

/** Whether an address, in its plain form, lies in one of these networks. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const version = isIP(address)
  if (version === 0) return false
  const list = new BlockList()
  for (const text of networks) {
    const network = readNetwork(text)
    if (network) list.addSubnet(network.address, network.bits, network.family)
  }
  return list.check(address, version === 4 ? 'ipv4' : 'ipv6')
}
