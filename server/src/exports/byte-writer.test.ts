import { expect, it } from 'vitest'
import { byteWriter } from './byte-writer.ts'

it('joins texts and bytes in their order', () => {
  const out = byteWriter()
  out.text('é')
  out.bytes(Buffer.from('ᓄ'))
  out.text('x')
  expect(out.take().toString()).toBe('éᓄx')
  expect(out.take().length).toBe(0)
})

it('takes what is larger than a chunk', () => {
  const out = byteWriter()
  const large = '😀'.repeat(500_000)
  out.text('a')
  out.text(large)
  expect(out.isFull()).toBe(true)
  expect(out.take().toString()).toBe(`a${large}`)
})

it('gives memory that nothing else lies in', () => {
  const out = byteWriter()
  out.text('first')
  const taken = out.take()
  out.text('other')
  expect([taken.toString(), taken.byteOffset]).toEqual(['first', 0])
})
