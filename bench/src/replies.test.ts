import { describe, expect, it } from 'vitest'
import { expecting, isWholeReply } from './replies.ts'

const withLength = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'
const empty = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'

/** What the function says of each part of some replies. */
function saidOf(parts: string[]): boolean[] {
  const isWhole = isWholeReply(expecting(200))
  return parts.map((part) => isWhole(Buffer.from(part)))
}

describe.each([
  ['a length', withLength],
  ['chunks', chunked],
  ['no content', empty],
])('a reply with %s', (_, reply) => {
  it('is whole at its last byte, wherever it was cut', () => {
    for (let cut = 1; cut < reply.length; cut++) {
      expect(saidOf([reply.slice(0, cut), reply.slice(cut)])).toEqual([false, true])
    }
  })

  it('may come byte by byte', () => {
    const said = saidOf([...reply])
    expect(said.indexOf(true)).toBe(reply.length - 1)
  })

  it('may follow another', () => {
    expect(saidOf([withLength, reply, chunked, reply])).toEqual([true, true, true, true])
  })
})

it('refuses another status than the one expected', () => {
  expect(() => isWholeReply(expecting(429))(Buffer.from(withLength))).toThrow('Not 429: HTTP/1.1 200 OK')
})
