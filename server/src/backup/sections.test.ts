import { describe, expect, it } from 'vitest'
import { endOfRows, SectionReader } from './sections.ts'

const rows = '1\tone\n2\ttwo \\\\. and \\\\.\\n\n'
const text = `header\ntable a\n${rows}${endOfRows}table b\n${endOfRows}last\n`

describe('the sections of a backup', () => {
  it.each([1, 2, 3, 4, 5, 7, 11, 1000])('are read from pieces of %i bytes', async (size) => {
    const reader = new SectionReader(inPieces(text, size))
    expect(await reader.line()).toBe('header')
    expect(await reader.line()).toBe('table a')
    expect(await allOf(reader.rows())).toBe(rows)
    expect(await reader.line()).toBe('table b')
    expect(await allOf(reader.rows())).toBe('')
    expect(await reader.line()).toBe('last')
    await expect(reader.line()).rejects.toThrow('ends in the middle')
  })
})

async function* inPieces(whole: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(whole)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function allOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  let all = ''
  for await (const piece of pieces) all += piece.toString()
  return all
}
