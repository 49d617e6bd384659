import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { jsonType } from './json-text.ts'

/**
 * Streams text that arrives in batches; the client's pace sets the database's. The first batch is fetched before anything
 * is sent, so that a failing query is still an error with its status. A later failure cuts the connection: a broken reply
 * must not look whole.
 */
export async function streamText<Reply>(
  reply: Reply,
  chunks: AsyncIterable<string>,
  contentType = jsonType,
): Promise<Reply> {
  const iterator = chunks[Symbol.asyncIterator]()
  const first = await iterator.next()
  // Fastify's types want the parsed shape that the route declares; see sendJsonText.
  const plain = reply as unknown as FastifyReply
  plain.type(contentType).send(Readable.from(following(first, iterator), { objectMode: false }))
  return reply
}

async function* following(first: IteratorResult<string>, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    for (let item = first; !item.done; item = await rest.next()) yield item.value
  } finally {
    await rest.return?.()
  }
}

/** Batches of JSON texts as the text of one JSON array. */
export async function* jsonArray(batches: AsyncIterable<string[]>): AsyncGenerator<string> {
  let separator = '['
  for await (const batch of batches) {
    if (batch.length === 0) continue
    yield separator + batch.join(',')
    separator = ','
  }
  yield separator === '[' ? '[]' : ']'
}

/**
 * A text, then the chunks, then another text. The first text goes out together with the first chunk: alone it would be a
 * first batch that cannot fail.
 */
export async function* enclosed(before: string, chunks: AsyncIterable<string>, after: string): AsyncGenerator<string> {
  let prefix = before
  for await (const chunk of chunks) {
    yield prefix + chunk
    prefix = ''
  }
  yield prefix + after
}
