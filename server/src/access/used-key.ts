import type { FastifyRequest, onResponseHookHandler } from 'fastify'
import type { KeyCall } from '../api-keys/key-usage.ts'
import type { Clock } from '../clock.ts'
import { clientAddress } from '../rate-limit/client-address.ts'

/** The key that a call was made with, and which of its secrets. */
export type UsedKey = { keyId: number; secretHash: Buffer }

const usedKeys = new WeakMap<FastifyRequest, UsedKey>()
const bytesBefore = new WeakMap<FastifyRequest, number>()

/** From here on the call counts as the key's, however it ends. */
export function setUsedKey(request: FastifyRequest, key: UsedKey): void {
  usedKeys.set(request, key)
  bytesBefore.set(request, request.raw.socket.bytesWritten)
}

const clientMaxLength = 200

/** The hook that records the calls of keys once they are answered. */
export function recordingUse(record: (call: KeyCall) => void, clock: Clock): onResponseHookHandler {
  return (request, reply, done) => {
    const key = usedKeys.get(request)
    if (key) {
      record({
        ...key,
        operation: request.routeOptions.schema?.operationId ?? request.method,
        status: reply.statusCode,
        // What went over the connection since: also right for streams, whose length nobody knows before.
        bytesSent: request.raw.socket.bytesWritten - (bytesBefore.get(request) ?? 0) || 0,
        at: clock(),
        address: clientAddress(request.ip),
        client: request.headers['user-agent']?.slice(0, clientMaxLength) ?? null,
      })
    }
    done()
  }
}
