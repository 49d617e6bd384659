import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { saverOf } from './saver.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A saver whose server answers when told to. */
function open() {
  const sent: string[] = []
  const kept: string[] = []
  const told: string[] = []
  let forgotten = 0
  let waiting: { resolve(value: { at: string }): void; reject(error: Error): void } | undefined
  const saver = saverOf({
    saved: 'opened',
    store: (text) => {
      sent.push(text)
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
      })
    },
    keep: (text) => kept.push(text),
    forget: () => {
      forgotten += 1
    },
    isConflict: (error) => error instanceof Error && error.message === 'conflict',
    isPassing: (error) => error instanceof Error && error.message === 'away',
    tell: ({ kind }) => told.push(kind),
  })
  const settle = async (act: () => void) => {
    act()
    await vi.advanceTimersByTimeAsync(0)
  }
  return {
    saver,
    sent,
    kept,
    told,
    forgotten: () => forgotten,
    succeed: () => settle(() => waiting?.resolve({ at: 'now' })),
    fail: (message: string) => settle(() => waiting?.reject(new Error(message))),
  }
}

it('saves a moment after the last change, once', async () => {
  const { saver, sent, kept, told, forgotten, succeed } = open()
  saver.change('1')
  await vi.advanceTimersByTimeAsync(1000)
  saver.change('2')
  expect(kept).toEqual(['1', '2'])
  await vi.advanceTimersByTimeAsync(1499)
  expect(sent).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  await succeed()
  expect([sent, told.at(-1), forgotten(), saver.pending()]).toEqual([['2'], 'saved', 1, false])
})

it('sends nothing that the server has already', async () => {
  const { saver, sent, told } = open()
  saver.change('1')
  saver.change('opened')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await saver.flush()).toBe(true)
  expect([sent, told.at(-1)]).toEqual([[], 'unchanged'])
})

it('saves what was changed while it saved, and forgets the copy only then', async () => {
  const { saver, sent, forgotten, succeed } = open()
  saver.change('1')
  const flushed = saver.flush()
  saver.change('2')
  await succeed()
  expect(forgotten()).toBe(0)
  await succeed()
  expect([await flushed, sent, forgotten()]).toEqual([true, ['1', '2'], 1])
})

it('tries again by itself when the server was away', async () => {
  const { saver, sent, told, fail, succeed } = open()
  saver.change('1')
  const flushed = saver.flush()
  await fail('away')
  expect([await flushed, told.at(-1), saver.pending()]).toEqual([false, 'failed', true])
  await vi.advanceTimersByTimeAsync(15_000)
  await succeed()
  expect([sent, told.at(-1)]).toEqual([['1', '1'], 'saved'])
})

it('does not repeat what was refused', async () => {
  const { saver, sent, fail } = open()
  saver.change('1')
  void saver.flush()
  await fail('refused')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual(['1'])
})

it('sends nothing more after a conflict until somebody has decided', async () => {
  const { saver, sent, told, kept, fail } = open()
  saver.change('1')
  void saver.flush()
  await fail('conflict')
  saver.change('2')
  await vi.advanceTimersByTimeAsync(60_000)
  expect([sent, kept, told.at(-1), await saver.flush()]).toEqual([['1'], ['1', '2'], 'conflict', false])
  saver.settle('2', { kind: 'saved', at: 'now' })
  expect([told.at(-1), saver.pending()]).toEqual(['saved', false])
  saver.change('3')
  await vi.advanceTimersByTimeAsync(1500)
  expect(sent).toEqual(['1', '3'])
})

it('saves nothing by itself once it was stopped, until it is started again', async () => {
  const { saver, sent } = open()
  saver.stop()
  saver.change('1')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual([])
  saver.start()
  saver.change('2')
  await vi.advanceTimersByTimeAsync(1500)
  expect(sent).toEqual(['2'])
})
