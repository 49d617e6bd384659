import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { describe, expect, it } from 'vitest'
import { enclosed, jsonArray, streamText } from './stream.ts'

async function* batches(...all: string[][]): AsyncGenerator<string[]> {
  yield* all
}

async function* failing(...before: string[]): AsyncGenerator<string> {
  yield* before
  throw new Error('the database is gone')
}

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

/** As much of a reply as streamText needs; `sent` is what would go out. */
function recordingReply() {
  const sent: { type?: string; body?: Readable } = {}
  const reply = {
    type(type: string) {
      sent.type = type
      return reply
    },
    send(body: Readable) {
      sent.body = body
      return reply
    },
  }
  // The two methods that streamText calls.
  return { reply: reply as unknown as FastifyReply, sent }
}

describe('jsonArray', () => {
  it.each([
    ['nothing', [], []],
    ['empty batches', [[], []], []],
    ['one batch', [['1', '2']], [1, 2]],
    ['several batches with empty ones between', [[], ['1'], [], ['2', '3'], []], [1, 2, 3]],
  ])('makes one array of %s', async (_, all, expected) => {
    expect(JSON.parse(await textOf(jsonArray(batches(...all))))).toEqual(expected)
  })
})

describe('enclosed', () => {
  it('puts a text before and one behind', async () => {
    expect(await textOf(enclosed('{"results":', jsonArray(batches(['1'], ['2'])), ',"total":2}'))).toBe(
      '{"results":[1,2],"total":2}',
    )
  })

  it('puts them around nothing, too', async () => {
    expect(await textOf(enclosed('<', (async function* () {})(), '>'))).toBe('<>')
  })

  it('asks for the first chunk before it gives anything out', async () => {
    await expect(enclosed('{"results":', failing(), '}').next()).rejects.toThrow('the database is gone')
  })
})

describe('streamText', () => {
  it('sends the chunks in their order', async () => {
    const { reply, sent } = recordingReply()
    await streamText(reply, jsonArray(batches(['"é"'], ['"ᓄ"'])))
    expect(sent.type).toBe('application/json; charset=utf-8')
    expect(await textOf(sent.body ?? Readable.from([]))).toBe('["é","ᓄ"]')
  })

  it('sends nothing when the first batch fails: the answer can still be an error', async () => {
    const { reply, sent } = recordingReply()
    await expect(streamText(reply, failing())).rejects.toThrow('the database is gone')
    expect(sent.body).toBeUndefined()
  })

  it('breaks off when a later batch fails: a broken reply must not look whole', async () => {
    const { reply, sent } = recordingReply()
    await streamText(reply, failing('[1'))
    await expect(textOf(sent.body ?? Readable.from([]))).rejects.toThrow('the database is gone')
  })

  it('reads no further than the client does', async () => {
    let read = 0
    async function* endless(): AsyncGenerator<string> {
      for (;;) {
        read += 1
        yield 'x'.repeat(100_000)
      }
    }
    const { reply, sent } = recordingReply()
    await streamText(reply, endless())
    await sent.body?.[Symbol.asyncIterator]().next()
    expect(read).toBeLessThan(50)
    sent.body?.destroy()
  })

  it('ends the query when the client goes away', async () => {
    let ended = false
    async function* query(): AsyncGenerator<string> {
      try {
        for (;;) yield 'x'.repeat(100_000)
      } finally {
        ended = true
      }
    }
    const { reply, sent } = recordingReply()
    await streamText(reply, query())
    await sent.body?.[Symbol.asyncIterator]().next()
    sent.body?.destroy()
    await new Promise((resolve) => sent.body?.once('close', resolve))
    expect(ended).toBe(true)
  })
})
