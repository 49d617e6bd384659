import type { Socket } from 'node:net'
import type { FastifyRequest, onResponseHookHandler } from 'fastify'
import type { KeyCall } from '../api-keys/key-usage.ts'
import type { Clock } from '../clock.ts'
import { clientAddress } from '../rate-limit/client-address.ts'

/** The key that a call was made with, and which of its secrets. */
export type UsedKey = { keyId: number; secretHash: Buffer }

const usedKeys = new WeakMap<FastifyRequest, UsedKey>()
/** What went over a connection until its last answer was complete. */
const bytesBefore = new WeakMap<Socket, number>()

/** From here on the call counts as the key's, however it ends. */
export function setUsedKey(request: FastifyRequest, key: UsedKey): void {
  usedKeys.set(request, key)
}

const clientMaxLength = 200

/** The hook that records the calls of keys once they are answered. */
export function recordingUse(record: (call: KeyCall) => void, clock: Clock): onResponseHookHandler {
  return (request, reply, done) => {
    const key = usedKeys.get(request)
    const bytesSent = bytesSince(request.raw.socket)
    if (key) {
      record({
        ...key,
        operation: request.routeOptions.schema?.operationId ?? request.method,
        status: reply.statusCode,
        bytesSent,
        at: clock(),
        address: clientAddress(request.ip),
        client: request.headers['user-agent']?.slice(0, clientMaxLength) ?? null,
      })
    }
    done()
  }
}

/**
 * What went over a connection since its last answer: also right for streams, whose length nobody knows before, and for
 * requests that were sent without waiting for answers (RFC 9112 §9.3.2). Where there is no connection, in tests, nothing.
 */
function bytesSince(socket: Socket): number {
  const written = socket.bytesWritten || 0
  const since = written - (bytesBefore.get(socket) ?? 0)
  bytesBefore.set(socket, written)
  return since
}
