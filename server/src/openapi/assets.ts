import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { entityTagOf, hasAlready } from '../http/entity-tag.ts'

export type Asset = { type: string; etag: string; encodings: { name: string; body: Buffer | string }[] }

/** A text with an ETag. */
function textAsset(type: string, text: string): Asset {
  return { type, etag: entityTagOf(text), encodings: [{ name: 'identity', body: text }] }
}

/** A text to be served with an ETag, compressed too: the best encoding comes first. */
export async function compressedAsset(type: string, text: string): Promise<Asset> {
  const { etag, encodings } = textAsset(type, text)
  // 9 instead of 11: a tenth of the time for a few percent.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: text.length }
  const [br, zipped] = await Promise.all([promisify(brotliCompress)(text, { params }), promisify(gzip)(text)])
  return { type, etag, encodings: [{ name: 'br', body: br }, { name: 'gzip', body: zipped }, ...encodings] }
}

/** Serves an asset; browsers ask each time and get 304 while it is the same (RFC 9110 §13.1.2). */
export function sendAsset(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, etag, encodings }: Asset,
): FastifyReply {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  const encoding = encodings.find(({ name }) => accepted.includes(name)) ?? encodings.at(-1)
  // One tag for all encodings: weak, for their bytes differ.
  reply.headers({ etag: `W/${etag}`, 'cache-control': 'no-cache', vary: 'accept-encoding, prefer' })
  if (hasAlready(request.headers, etag)) return reply.code(304).send()
  if (encoding && encoding.name !== 'identity') reply.header('content-encoding', encoding.name)
  return reply.headers({ 'content-type': type, 'x-content-type-options': 'nosniff' }).send(encoding?.body)
}
