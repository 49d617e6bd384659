import { describe, expect, it } from 'vitest'
import { clientNetwork } from './client-address.ts'

describe('clientNetwork', () => {
  it.each([
    ['an IPv4 address as it is', '203.0.113.9', '203.0.113.9'],
    ['an IPv4 address in IPv6 clothes', '::ffff:203.0.113.9', '203.0.113.9'],
    ['the same in capitals', '::FFFF:203.0.113.9', '203.0.113.9'],
    ['the /64 of an IPv6 address', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['the /64 of a short one', '2001:db8::1', '2001:db8:0:0::/64'],
    ['the /64 without leading zeros, in small letters', '2001:0DB8:0001:0000::0001', '2001:db8:1:0::/64'],
    ['the /64 of one with a zone', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['our own machine', '::1', '0:0:0:0::/64'],
    ['what is no address as it is', 'unknown', 'unknown'],
    ['what is far too long for one, cut off', 'f'.repeat(5000), 'f'.repeat(64)],
  ])('is %s', (_, ip, network) => {
    expect(clientNetwork(ip)).toBe(network)
  })

  it('is one for all addresses that one customer has', () => {
    const addresses = ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2:0:0:0:1']
    expect(new Set(addresses.map(clientNetwork)).size).toBe(1)
  })

  it('is another one for the neighbour', () => {
    expect(clientNetwork('2001:db8:1:3::1')).not.toBe(clientNetwork('2001:db8:1:2::1'))
  })
})
