import { defineScript } from '@redis/client'
import type { RateLimit, RateLimitWindow } from './rate-limit.ts'

/** What a window looks like when a script has counted in it: its id, its count, and how many milliseconds are left. */
type Reply = [id: string, count: number, endsInMs: number]

/** A key's hash lives exactly as long as its window; `id` is the microsecond of its start, by the server's clock. */
const take = defineScript({
  SCRIPT: `
    local count = tonumber(redis.call('HGET', KEYS[1], 'count'))
    if not count then
      local now = redis.call('TIME')
      redis.call('HSET', KEYS[1], 'id', now[1] .. string.format('%06d', now[2]), 'count', 0)
      redis.call('PEXPIRE', KEYS[1], ARGV[2])
      count = 0
    end
    if count < tonumber(ARGV[1]) then redis.call('HINCRBY', KEYS[1], 'count', 1) end
    return { redis.call('HGET', KEYS[1], 'id'), count + 1, redis.call('PTTL', KEYS[1]) }`,
  NUMBER_OF_KEYS: 1,
  parseCommand(parser, key: string, { max, windowMs }: RateLimit) {
    parser.pushKey(key)
    parser.push(String(max), String(windowMs))
  },
  // What the script above returns.
  transformReply: (reply: unknown) => toWindow(reply as Reply),
})

const giveBack = defineScript({
  SCRIPT: `
    if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return end
    if tonumber(redis.call('HGET', KEYS[1], 'count')) > 0 then redis.call('HINCRBY', KEYS[1], 'count', -1) end`,
  NUMBER_OF_KEYS: 1,
  parseCommand(parser, key: string, windowId: string) {
    parser.pushKey(key)
    parser.push(windowId)
  },
  transformReply: () => undefined,
})

const peek = defineScript({
  SCRIPT: `
    local id = redis.call('HGET', KEYS[1], 'id')
    if not id then return nil end
    return { id, tonumber(redis.call('HGET', KEYS[1], 'count')), redis.call('PTTL', KEYS[1]) }`,
  NUMBER_OF_KEYS: 1,
  IS_READ_ONLY: true,
  parseCommand(parser, key: string) {
    parser.pushKey(key)
  },
  transformReply: (reply: unknown) => (reply === null ? undefined : toWindow(reply as Reply)),
})

export const scripts = { take, giveBack, peek }

function toWindow([id, count, endsInMs]: Reply): RateLimitWindow {
  return { id, count, endsInMs }
}
