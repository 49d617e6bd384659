import { expect, it } from 'vitest'
import { type History, historyOf, redo, step, undo } from './history.ts'

const steps = (...texts: string[]) => texts.reduce(step, historyOf('0'))
const back = (history: History) => undo(history) ?? history

it('goes back and forth', () => {
  const history = steps('1', '2')
  expect(back(history).present).toBe('1')
  expect(back(back(history)).present).toBe('0')
  expect(undo(back(back(history)))).toBeUndefined()
  expect(redo(back(history))).toEqual(history)
  expect(redo(history)).toBeUndefined()
})

it('forgets what was undone when there is something new', () => {
  expect(redo(step(back(steps('1', '2')), '3'))).toBeUndefined()
})

it('takes no step to the same', () => {
  expect(steps('1', '1').past).toEqual(['0'])
})

it('keeps fifty steps, and fewer of large definitions, but always one', () => {
  expect(steps(...Array.from({ length: 80 }, (_, index) => `${index + 1}`)).past).toHaveLength(50)
  const large = (name: string) => name.repeat(10_000_000)
  expect(steps(large('a'), large('b'), large('c'), 'd').past).toEqual([large('b'), large('c')])
  const huge = 'x'.repeat(30_000_000)
  expect(step(step(historyOf('0'), huge), 'y').past).toEqual([huge])
})
