import { expect, it } from 'vitest'
import { memoryStore } from './memory-store.ts'
import { describeStore } from './store-suite.ts'

function openStore() {
  let now = 1_000_000
  const pass = async (ms: number) => {
    now += ms
  }
  const store = memoryStore(() => now)
  return { store, other: store, pass }
}

describeStore('the memory store', async () => openStore())

it('counts on for running windows while it forgets 20,000 old ones', async () => {
  const { store, pass } = openStore()
  const limit = { max: 3, windowMs: 60_000 }
  for (let key = 0; key < 10_000; key += 1) await store.take(`old ${key}`, limit)
  await pass(30_000)
  await store.take('running', limit)
  await pass(30_000)
  for (let key = 0; key < 10_000; key += 1) await store.take(`new ${key}`, limit)
  expect((await store.take('running', limit)).count).toBe(2)
  expect((await store.take('old 1', limit)).count).toBe(1)
})
