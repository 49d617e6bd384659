import { expect, it } from 'vitest'
import { inBatches } from './batches.ts'

/** Answers each batch when it is told to. */
function openSender() {
  const sent: number[][] = []
  const turns: { answer(): void; fail(): void }[] = []
  const send = (asks: number[]) => {
    sent.push(asks)
    const { promise, resolve, reject } = Promise.withResolvers<number[]>()
    turns.push({ answer: () => resolve(asks.map((each) => each * 10)), fail: () => reject(new Error('no')) })
    return promise
  }
  const turn = (index: number) => turns[index] ?? expect.unreachable(`No batch ${index} was sent.`)
  return { send, sent, turn }
}

it('sends what is asked in one go together, and answers each', async () => {
  const { send, sent, turn } = openSender()
  const ask = inBatches(send)
  const answers = Promise.all([ask(1), ask(2), ask(3)])
  await Promise.resolve()
  expect(sent).toEqual([[1, 2, 3]])
  turn(0).answer()
  expect(await answers).toEqual([10, 20, 30])
})

it('sends what comes while a batch is under way with the next one, and never two at once', async () => {
  const { send, sent, turn } = openSender()
  const ask = inBatches(send)
  const first = ask(1)
  await Promise.resolve()
  const later = Promise.all([ask(2), ask(3)])
  await Promise.resolve()
  expect(sent).toEqual([[1]])
  turn(0).answer()
  expect(await first).toBe(10)
  await expect.poll(() => sent.length).toBe(2)
  turn(1).answer()
  expect(await later).toEqual([20, 30])
  expect(sent).toEqual([[1], [2, 3]])
})

it('sends no more than fit into one', async () => {
  const { send, sent, turn } = openSender()
  const ask = inBatches(send, 2)
  const answers = Promise.all([1, 2, 3].map(ask))
  await Promise.resolve()
  turn(0).answer()
  await expect.poll(() => sent.length).toBe(2)
  turn(1).answer()
  expect(await answers).toEqual([10, 20, 30])
  expect(sent).toEqual([[1, 2], [3]])
})

it('tells all who wait of a failure, and goes on with who asks then', async () => {
  const { send, sent, turn } = openSender()
  const ask = inBatches(send)
  const failing = [ask(1)]
  await Promise.resolve()
  failing.push(ask(2))
  turn(0).fail()
  expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  const again = ask(3)
  await expect.poll(() => sent.length).toBe(2)
  turn(1).answer()
  expect(await again).toBe(30)
})
