import { describe, expect, it } from 'vitest'
import { answerColumns } from './answer-columns.ts'
import { answersMax, shownColumns, sortName } from './columns.ts'

const answers = answerColumns({
  components: [
    { type: 'textarea', key: 'story', input: true },
    ...['a', 'b', 'c', 'd'].map((key) => ({ type: 'textfield', key, input: true })),
    { type: 'datagrid', key: 'rows', input: true, components: [] },
  ],
})
const keys = (chosen?: string[]) => shownColumns(answers, chosen).map(({ key }) => key)

describe('shownColumns', () => {
  it('shows the submission itself and its first short answers, unless somebody chose', () => {
    expect(keys()).toEqual([
      'confirmationId',
      'createdAt',
      'createdBy',
      'formSubmissionStatusCode',
      'formVersionId',
      'a',
      'b',
      'c',
    ])
  })

  it('keeps the order of the form and the way to the submission, whatever was chosen', () => {
    expect(keys(['d', 'a', 'gone'])).toEqual(['confirmationId', 'a', 'd'])
  })

  it('shows no more answers than a list can be asked for', () => {
    const many = answerColumns({
      components: Array.from({ length: 100 }, (_, place) => ({ type: 'textfield', key: `k${place}`, input: true })),
    })
    const chosen = many.map(({ key }) => key)
    expect(shownColumns(many, chosen)).toHaveLength(1 + answersMax)
  })
})

describe('sortName', () => {
  it('is the name by which the list gives an answer, and none for a grid', () => {
    expect(shownColumns(answers, ['a', 'rows']).map(sortName)).toEqual(['confirmationId', 'a', undefined])
  })
})
