import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkDefinition, fieldKeys } from './definition.ts'
import { type Field, layOut } from './field.ts'
import { createValidator } from './validator.ts'

const folder = process.env.FORMGATE_SAMPLE_FORMS ?? join(import.meta.dirname, '../../../../shared/data/forms')

const ownForm = {
  components: [
    { type: 'textfield', key: 'name', input: true, validate: { required: true } },
    { type: 'datagrid', key: 'crops', input: true, components: [{ type: 'number', key: 'acres', input: true }] },
  ],
}
// The samples are not ours to keep in the repository; where they lie beside it, each must work as our own form does.
const samples = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : []
const read = (file: string): { name: string; schema: Record<string, unknown> } => ({
  name: file,
  schema: JSON.parse(readFileSync(join(folder, file), 'utf8')),
})

describe('a real form', () => {
  const validator = createValidator({ deadlineMs: 2_000, workers: 2, log: { warn: () => {} } })
  afterAll(() => validator.close())

  it.each([{ name: 'our own', schema: ownForm }, ...samples.map(read)])(
    '$name takes plausible answers and refuses wrong types',
    async ({ name, schema }) => {
      expect(checkDefinition(schema)).toEqual({ kind: 'ok' })
      expect(fieldKeys(schema).length).toBeGreaterThan(0)
      const { fields } = layOut(schema)
      const verdicts = await validator.validate({ id: name, schema }, [
        answersTo(fields, plausible),
        answersTo(fields, () => [[{ odd: [1] }]]),
      ])
      expect(verdicts[0]).toEqual({ kind: 'valid', skipped: [] })
      expect(verdicts[1]?.kind).toBe('invalid')
    },
  )
})

/** Fills in what stands at one level of the answers, grids with one row. */
function answersTo(fields: Field[], fill: (field: Field) => unknown): Record<string, unknown> {
  return Object.assign({}, ...fields.map((field) => answerTo(field, fill)))
}

function answerTo(field: Field, fill: (field: Field) => unknown): Record<string, unknown> {
  if (field.nature === 'content') return {}
  if (field.nature === 'layout') return answersTo(field.children, fill)
  const inner = field.nature === 'value' || fill !== plausible ? fill(field) : answersTo(field.children, fill)
  return { [field.component.key]: field.nature === 'rows' && fill === plausible ? [inner] : inner }
}

function plausible({ component }: Field): unknown {
  const answers: Record<string, unknown> = {
    number: 4,
    checkbox: true,
    selectboxes: {},
    day: '01/02/2024',
    time: '10:30:00',
    datetime: '2024-01-31T10:30:00-08:00',
    email: 'ana@example.org',
    phoneNumber: '(250) 555-0199',
    file: [],
    survey: surveyAnswers(component.questions, component.values),
  }
  return component.type in answers ? answers[component.type] : (firstChoice(component) ?? 'Ana')
}

type Option = { value: string }

function firstChoice({ values, data }: Record<string, unknown>): unknown {
  // The samples are known, so their options have the builder's shape.
  const options = (values ?? (data as { values?: unknown } | undefined)?.values) as Option[] | undefined
  return options?.[0]?.value
}

function surveyAnswers(questions: unknown, values: unknown): Record<string, unknown> {
  const answer = (values as Option[] | undefined)?.[0]?.value // as in firstChoice
  return Object.fromEntries(((questions ?? []) as Option[]).map((question) => [question.value, answer]))
}
