import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { regularly } from './regularly.ts'

const unexpected = (error: unknown) => expect.unreachable(String(error))

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('runs at once and then again and again, until it is stopped', async () => {
  let runs = 0
  const regular = regularly(1000, async () => void runs++, unexpected)
  regular.start()
  await vi.advanceTimersByTimeAsync(2500)
  expect(runs).toBe(3)
  await regular.stop()
  await vi.advanceTimersByTimeAsync(5000)
  expect(runs).toBe(3)
})

it('goes on after a failure, and tells it', async () => {
  const failures: unknown[] = []
  const regular = regularly(
    1000,
    () => Promise.reject('no'),
    (error) => failures.push(error),
  )
  regular.start()
  await vi.advanceTimersByTimeAsync(1000)
  await regular.stop()
  expect(failures).toEqual(['no', 'no'])
})

it('does not run twice at once, and stops when the run is over', async () => {
  let [begun, ended] = [0, 0]
  let finish = () => {}
  const act = () => {
    begun += 1
    return new Promise<void>((resolve) => {
      finish = resolve
    }).then(() => void ended++)
  }
  const regular = regularly(1000, act, unexpected)
  regular.start()
  await vi.advanceTimersByTimeAsync(5000)
  expect(begun).toBe(1)
  const stopped = regular.stop()
  expect(ended).toBe(0)
  finish()
  await stopped
  expect(ended).toBe(1)
})
