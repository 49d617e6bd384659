import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Late, within } from './deadline.ts'

const forever = () => new Promise<never>(() => undefined)

it('gives the answer that comes in time', async () => {
  expect(await within(200, sleep(10, 'answer'))).toBe('answer')
})

it('passes on a failure', async () => {
  await expect(within(200, Promise.reject(new Error('no')))).rejects.toThrow('no')
})

it('waits no longer than the deadline', async () => {
  const start = performance.now()
  await expect(within(40, forever())).rejects.toBeInstanceOf(Late)
  const tookMs = performance.now() - start
  expect(tookMs).toBeGreaterThan(38)
  expect(tookMs).toBeLessThan(1000)
})

it('does not blame the answer for a loop that was busy', async () => {
  const answer = within(40, sleep(5, 'answer'))
  for (let busy = 0; busy < 3; busy++) {
    block(60)
    await Promise.resolve()
  }
  expect(await answer).toBe('answer')
})

it('is deaf to an answer that fails after the deadline', async () => {
  const { promise, reject } = Promise.withResolvers<never>()
  await expect(within(20, promise)).rejects.toBeInstanceOf(Late)
  reject(new Error('too late to be heard'))
})

function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}
