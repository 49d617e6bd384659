import { pipeline, Readable, type Transform } from 'node:stream'
import { constants, createGzip, createZstdCompress } from 'node:zlib'
import type { FastifyReply } from 'fastify'
import type { ContentCoding } from './content-coding.ts'
import { setHeaders } from './headers.ts'
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

export type BytesOptions = {
  status: number
  /** Sent once the first bytes are there: an error has none of them. */
  headers: Record<string, string>
  contentType: string
  coding: ContentCoding
  /** Fields that follow a body that ended well, by their names in lower case (RFC 9110, 6.5). */
  trailers: { names: string[]; fields(): Record<string, string> }
}

/** As streamText, for bytes in a content coding and with trailers. Of a body that breaks off no trailer is sent. */
export async function streamBytes<Reply>(
  reply: Reply,
  chunks: AsyncIterable<Uint8Array>,
  { status, headers, contentType, coding, trailers }: BytesOptions,
): Promise<Reply> {
  const iterator = chunks[Symbol.asyncIterator]()
  const first = await iterator.next()
  // Fastify's types want the parsed shape that the route declares; see sendJsonText.
  const plain = reply as unknown as FastifyReply
  const body = async function* () {
    yield* following(first, iterator)
    plain.raw.addTrailers(trailers.fields())
  }
  const source = Readable.from(body(), { objectMode: false })
  plain.code(status).headers({ 'content-type': contentType, vary: 'accept-encoding' })
  setHeaders(plain, { ...headers, Trailer: trailers.names.join(', ') })
  // What fails before its first byte went out is answered as any error, and that has a length and no trailers.
  source.once('error', () => {
    if (plain.raw.headersSent) return
    plain.raw.removeHeader('Trailer')
    plain.removeHeader('content-encoding')
  })
  if (coding !== 'identity') plain.header('content-encoding', coding)
  plain.send(coding === 'identity' ? source : coded(source, coding))
  return reply
}

/** Fast rather than small: whoever waits for a million rows waits for the slowest of database, coding and network. */
function coded(source: Readable, coding: 'gzip' | 'zstd'): Transform {
  const coder =
    coding === 'gzip'
      ? createGzip({ level: 1 })
      : createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } })
  // Errors reach the reply as the coder's own; a reader that leaves ends the source.
  return pipeline(source, coder, () => undefined)
}

async function* following<Chunk>(first: IteratorResult<Chunk>, rest: AsyncIterator<Chunk>): AsyncGenerator<Chunk> {
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
 * first batch that cannot fail. The last text is asked for at the end.
 */
export async function* enclosed(
  before: string,
  chunks: AsyncIterable<string>,
  after: string | (() => string),
): AsyncGenerator<string> {
  let prefix = before
  for await (const chunk of chunks) {
    yield prefix + chunk
    prefix = ''
  }
  yield prefix + (typeof after === 'string' ? after : after())
}
