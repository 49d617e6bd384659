import { isIPv6 } from 'node:net'

/** The part of a client's address that stands for one customer: the whole of an IPv4 address, the /64 of an IPv6 one. */
export function clientNetwork(ip: string): string {
  const address = clientAddress(ip)
  if (!isIPv6(address)) return address
  return `${expand(address).slice(0, 4).join(':')}::/64`
}

/** No address is longer; what a forged header says instead must not grow in our counts. */
const addressMaxLength = 64

/** A client's address in its plain form: without a port, a zone or IPv6 clothes around IPv4. */
export function clientAddress(ip: string): string {
  return withoutPort(ip.slice(0, addressMaxLength))
    .replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
    .replace(/%.*$/, '')
}

/** Some proxies write `192.0.2.1:50000` and `[2001:db8::1]:50000` into X-Forwarded-For: another one for each connection. */
function withoutPort(ip: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d+)?$/.exec(ip) ?? []
  return bracketed ?? plain ?? ip
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...Array<string>(zeros).fill('0'), ...right].map((group) => group.replace(/^0+(?=.)/, ''))
}
