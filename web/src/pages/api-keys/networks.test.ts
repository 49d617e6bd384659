import { describe, expect, it } from 'vitest'
import { readNetwork } from '../../../../server/src/access/allowed-addresses.ts'
import { isNetwork, linesIn } from './networks.ts'

describe('isNetwork', () => {
  it.each([
    '192.0.2.7',
    '192.0.2.0/24',
    '0.0.0.0/0',
    '255.255.255.255/32',
    '2001:db8::/32',
    '::1',
    '::',
    '::ffff:192.0.2.7',
    '2001:DB8:0:0:0:0:0:1/128',
    '192.0.2.7/33',
    '2001:db8::/129',
    '192.0.2',
    '192.0.2.256',
    '192.0.02.7',
    '192.0.2.7/',
    '192.0.2.7/x',
    'localhost',
    '::ffff:192.0.2.300',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    ':::',
    'fe80::1%eth0',
    '12345::',
    '',
    '10.0.0.0 /8',
    '1.2.3.4:80',
  ])('takes %j just when the server does', (text) => {
    expect(isNetwork(text)).toBe(readNetwork(text) !== undefined)
  })
})

describe('linesIn', () => {
  it('leaves out what is empty, and spaces around a line', () => {
    expect(linesIn(' 192.0.2.7 \r\n\n\t\n::1')).toEqual(['192.0.2.7', '::1'])
  })
})
