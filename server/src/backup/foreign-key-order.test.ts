import { describe, expect, it } from 'vitest'
import { inForeignKeyOrder } from './foreign-key-order.ts'

describe('the order of the tables', () => {
  it.each([
    { tables: ['a', 'b'], references: [], order: ['a', 'b'] },
    { tables: ['a', 'b'], references: [{ from: 'a', to: 'b' }], order: ['b', 'a'] },
    { tables: ['a'], references: [{ from: 'a', to: 'a' }], order: ['a'] },
    {
      tables: ['form', 'submission', 'version'],
      references: [
        { from: 'submission', to: 'form' },
        { from: 'submission', to: 'version' },
        { from: 'version', to: 'form' },
      ],
      order: ['form', 'version', 'submission'],
    },
  ])('is $order', ({ tables, references, order }) => {
    expect(inForeignKeyOrder(tables, references)).toEqual(order)
  })

  it('does not exist in a circle', () => {
    const circle = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ]
    expect(() => inForeignKeyOrder(['a', 'b'], circle)).toThrow(/circle: a, b/)
  })
})
