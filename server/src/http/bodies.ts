import { Transform } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { accessOf } from '../access/caller.ts'
import { problems } from '../problem.ts'
import { assertStorable } from './json-body.ts'

/** With a key or a session. */
export const bodyLimitBytes = 30 * 1024 * 1024
/** Without either. */
export const strangerBodyLimitBytes = 2 * 1024 * 1024

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * A body that the handler reads as a stream, within a limit of its own: it is neither parsed nor validated, and the
     * schema is for the document.
     */
    streamedBody?: { type: string; schema: TSchema }
  }
}

/** Takes JSON bodies within the caller's limit, and says what is wrong with all others. */
export function acceptBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Many clients name the type also where they send nothing.
    if (body === '') done(null, undefined)
    else parse(request, body as string, done)
  })
  app.addContentTypeParser('*', (request, payload, done) => {
    if (request.headers['content-length'] === '0') {
      payload.resume()
      done(null, undefined)
    } else done(problems.unsupportedMediaType())
  })
  app.addHook('preParsing', (request, _reply, payload, done) => done(null, limited(request, payload)))
  app.addHook('preValidation', ({ body }, _reply, done) => {
    if (typeof body === 'object' && body !== null) assertStorable(body)
    done()
  })
}

/** Strangers have a smaller limit than Fastify's own; it counts also when no length was announced. */
function limited<Payload extends NodeJS.ReadableStream>(request: FastifyRequest, payload: Payload) {
  const { config, bodyLimit = bodyLimitBytes } = request.routeOptions
  const max = Math.min(
    bodyLimit,
    accessOf(request).caller.kind === 'anonymous' ? strangerBodyLimitBytes : bodyLimitBytes,
  )
  if (!config.access || config.streamedBody || max === bodyLimit) return payload
  if (Number(request.headers['content-length'] ?? 0) > max) throw problems.bodyTooLarge(max)
  return request.headers['content-length'] === undefined ? payload.pipe(counting(max)) : payload
}

function counting(maxBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      done(bytes > maxBytes ? problems.bodyTooLarge(maxBytes) : null, chunk)
    },
  })
}
