import { expect, it } from 'vitest'
import { atMost } from './password.ts'

it('runs so many at once and no more, and all in the end', async () => {
  let running = 0
  let most = 0
  const run = atMost(2, async (value: number) => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    if (value === 3) throw new Error('3')
    return value
  })
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, value) => run(value)))
  expect(most).toBe(2)
  expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(19)
})
