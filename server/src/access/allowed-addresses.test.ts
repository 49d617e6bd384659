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
  ])('%s in %j: %s', (address, networks, within) => {
    expect(isWithin(address, networks)).toBe(within)
  })
})
