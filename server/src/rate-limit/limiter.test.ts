import { expect, it } from 'vitest'
import { limiterOn } from './limiter.ts'
import { memoryStore } from './memory-store.ts'

const limit = { max: 2, windowMs: 60_000 }

function openLimiter() {
  let now = 0
  return {
    limiter: limiterOn(memoryStore(() => now)),
    pass: (ms: number) => {
      now += ms
    },
  }
}

it('admits up to the limit, then refuses until the window is over', async () => {
  const { limiter, pass } = openLimiter()
  const seen: [boolean, number, number][] = []
  for (let call = 0; call < 4; call += 1) {
    const { allowed, remaining, resetSeconds } = await limiter.take('k', limit)
    seen.push([allowed, remaining, resetSeconds])
    pass(10_000)
  }
  expect(seen).toEqual([
    [true, 1, 60],
    [true, 0, 50],
    [false, 0, 40],
    [false, 0, 30],
  ])
  pass(20_000)
  expect(await limiter.take('k', limit)).toMatchObject({ allowed: true, remaining: 1, resetSeconds: 60 })
})

it('gives a unit back to whom it was taken from', async () => {
  const { limiter } = openLimiter()
  const taken = await limiter.take('k', limit)
  await limiter.take('k', limit)
  await taken.giveBack()
  expect((await limiter.take('k', limit)).allowed).toBe(true)
})

it('gives nothing back for a call that was refused', async () => {
  const { limiter } = openLimiter()
  await limiter.take('k', limit)
  await limiter.take('k', limit)
  const refused = await limiter.take('k', limit)
  await refused.giveBack()
  expect((await limiter.take('k', limit)).allowed).toBe(false)
})
