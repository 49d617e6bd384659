import { expect, it } from 'vitest'
import { openTurns } from './turns.ts'

it('lets one act at a time on one thing, in the order of asking', async () => {
  const turns = openTurns()
  const [events, gates] = [[] as string[], [1, 2].map(() => Promise.withResolvers<void>())]
  const act = (index: number) =>
    turns('form', async () => {
      events.push(`begin ${index}`)
      await gates[index]?.promise
      events.push(`end ${index}`)
    })
  const both = [act(0), act(1)]
  gates[1]?.resolve()
  gates[0]?.resolve()
  await Promise.all(both)
  expect(events).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1'])
})

it('does not make those wait who change something else', async () => {
  const turns = openTurns()
  const gate = Promise.withResolvers<string>()
  const first = turns('one', () => gate.promise)
  expect(await turns('other', async () => 'done')).toBe('done')
  gate.resolve('done too')
  expect(await first).toBe('done too')
})

it('goes on after a failure, which is only its caller’s', async () => {
  const turns = openTurns()
  const failed = turns('form', () => Promise.reject(new Error('no')))
  const next = turns('form', async () => 'done')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('done')
})
