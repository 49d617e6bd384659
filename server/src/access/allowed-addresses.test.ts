import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWithin, readNetwork } from './allowed-addresses.ts'

describe('readNetwork', () => {
  it.each([
    ['192.0.2.0/24', { address: '192.0.2.0', bits: 24, family: 'ipv4' }],
    ['192.0.2.7', { address: '192.0.2.7', bits: 32, family: 'ipv4' }],
    ['0.0.0.0/0', { address: '0.0.0.0', bits: 0, family: 'ipv4' }],
    ['2001:db8::/32', { address: '2001:db8::', bits: 32, family: 'ipv6' }],
    ['::1', { address: '::1', bits: 128, family: 'ipv6' }],
  ])('reads %s', (text, network) => {
    expect(readNetwork(text)).toEqual(network)
  })

  it.each([
    '',
    'office',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '192.0.2.0/',
    '192.0.2.0/24/8',
    '2001:db8::/129',
    '192.0.2.0/24 ',
    '192.0.2.0 /24',
    '192.000.2.1',
    '0x7f.1',
    '3221225985',
    '::1%eth0',
    'fe80::1%eth0/64',
    '[::1]',
    '192.0.2.1:80',
    '192.0.2.0/255.255.255.0',
    '::1::2',
    '١٩٢.0.2.1',
    '192.0.2.1\n',
  ])('refuses “%s”', (text) => {
    expect(readNetwork(text)).toBeUndefined()
  })
})

describe('isWithin', () => {
  it.each([
    ['192.0.2.7', ['192.0.2.0/24'], true],
    ['192.0.3.7', ['192.0.2.0/24'], false],
    ['192.0.3.7', ['192.0.2.0/24', '192.0.3.7'], true],
    ['2001:db8::9', ['2001:db8::/32'], true],
    ['2001:db9::9', ['2001:db8::/32'], false],
    ['192.0.2.7', ['2001:db8::/32'], false],
    ['unknown', ['0.0.0.0/0'], false],
    ['192.0.2.7', [], false],
    ['192.0.2.7', ['::ffff:192.0.2.0/120'], true],
    ['192.0.3.7', ['::ffff:192.0.2.0/120'], false],
    ['192.0.2.7', ['192.0.2.200/24'], true],
    ['2001:db8::9', ['0.0.0.0/0'], false],
    ['2001:DB8:0:0:0:0:0:9', ['2001:db8::9'], true],
    ['192.0.2.7', ['rubbish'], false],
  ])('%s in %j: %s', (address, networks, within) => {
    expect(isWithin(address, networks)).toBe(within)
  })
})

/** The bits of an address; IPv4 as IPv6 carries it (RFC 4291 §2.5.5.2), as an address of either kind can be written. */
type Bits = { family: 4 | 6; bits: string }
const width = { 4: 32, 6: 128 } as const

const anyBits: fc.Arbitrary<Bits> = fc
  .constantFrom(4 as const, 6 as const)
  .chain((family) =>
    fc
      .bigInt({ min: 0n, max: 2n ** BigInt(width[family]) - 1n })
      .map((value) => ({ family, bits: value.toString(2).padStart(width[family], '0') })),
  )
/** Near another address, so that networks are often hit and just missed. */
const nearTo = ({ family, bits }: Bits) =>
  fc.nat(width[family] - 1).map((place) => ({
    family,
    bits: bits.slice(0, place) + (bits[place] === '1' ? '0' : '1') + bits.slice(place + 1),
  }))

function textOf({ family, bits }: Bits): string {
  const size = family === 4 ? 8 : 16
  const groups = (bits.match(new RegExp(`.{${size}}`, 'g')) ?? []).map((each) => Number.parseInt(each, 2))
  return family === 4 ? groups.join('.') : groups.map((each) => each.toString(16)).join(':')
}

const mapped = ({ family, bits }: Bits) => (family === 4 ? `${'0'.repeat(80)}${'1'.repeat(16)}${bits}` : bits)
const isMapped = (address: Bits) => mapped(address).startsWith(mapped({ family: 4, bits: '' }))

/** The same bits up to the prefix's end: what a network is, without any library. */
function holds(network: Bits, prefix: number, address: Bits): boolean {
  if (network.family === 4 && !isMapped(address)) return false
  const compared = network.family === 4 ? prefix + 96 : prefix
  return mapped(network).slice(0, compared) === mapped(address).slice(0, compared)
}

describe('isWithin, compared with the bits themselves', () => {
  const anyNetwork = anyBits.chain((network) =>
    fc.tuple(fc.constant(network), fc.nat(width[network.family]), fc.oneof(nearTo(network), anyBits)),
  )

  it('agrees for every network and address', () => {
    fc.assert(
      fc.property(anyNetwork, ([network, prefix, address]) => {
        const text = `${textOf(network)}/${prefix}`
        expect(isWithin(textOf(address), [text])).toBe(holds(network, prefix, address))
      }),
      { numRuns: 3000 },
    )
  })

  it('agrees for several networks at once', () => {
    fc.assert(
      fc.property(fc.array(anyNetwork, { minLength: 2, maxLength: 5 }), (networks) => {
        const address = networks[0]?.[2] ?? { family: 4, bits: '0'.repeat(32) }
        const texts = networks.map(([network, prefix]) => `${textOf(network)}/${prefix}`)
        const held = networks.some(([network, prefix]) => holds(network, prefix, address))
        expect(isWithin(textOf(address), texts)).toBe(held)
      }),
      { numRuns: 1000 },
    )
  })
})
