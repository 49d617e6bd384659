import { expect, it, vi } from 'vitest'
import { type Following, followersWith } from './followers.ts'

const following: Following = { formId: 'f', test: false, after: { feed: 'a', xid: '1', id: '1' } }
const waitOn = (followers: ReturnType<typeof followersWith>, more: Partial<{ ms: number; signal: AbortSignal }> = {}) =>
  followers.wait(following, { ms: 60_000, signal: new AbortController().signal, ...more })

it('wakes those who have changes, and asks once for all', async () => {
  const find = vi.fn(async (all: Following[]) => all.map((_, position) => position))
  const followers = followersWith(find)
  await Promise.all([waitOn(followers), waitOn(followers), waitOn(followers)])
  expect(find).toHaveBeenCalledOnce()
})

it('lets everybody go when it stops, and nobody wait from then on', async () => {
  const followers = followersWith(async () => [])
  const waiting = waitOn(followers)
  followers.stop()
  await waiting
  await waitOn(followers)
  expect(followers.isStopped).toBe(true)
})

it('lets whoever has gone go', async () => {
  const gone = new AbortController()
  const waiting = waitOn(
    followersWith(async () => []),
    { signal: gone.signal },
  )
  gone.abort()
  await waiting
})

it('goes on looking after a question that failed', async () => {
  let asked = 0
  const followers = followersWith(async () => {
    asked += 1
    if (asked === 1) throw new Error('away')
    return [0]
  })
  await waitOn(followers)
  expect(asked).toBe(2)
})

it('gives a form 50 places, and each back', () => {
  const followers = followersWith(async () => [])
  const leaves = Array.from({ length: 50 }, () => followers.enter('f'))
  expect(leaves.every((leave) => leave !== undefined)).toBe(true)
  expect(followers.enter('f')).toBeUndefined()
  expect(followers.enter('g')).toBeDefined()
  leaves[0]?.()
  expect(followers.enter('f')).toBeDefined()
})
