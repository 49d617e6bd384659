import { isRecord } from '../validation/definition.ts'
import type { Field } from '../validation/field.ts'
import type { Validator } from '../validation/validator.ts'
import { sampleAnswers } from './answer-samples.ts'
import { isRequired } from './form-answers.ts'

export type Answers = Record<string, unknown>

/** Each round shows or hides what the last one's errors named: conditions hang on one another. */
const rounds = 4

/**
 * Answers that a POST takes: samples, checked by what checks submissions, and changed until nothing is wrong.
 * @returns undefined where none were found (a rule that only the author's script understands, say)
 */
export async function exampleOf(
  version: { id: string; schema: string },
  fields: Field[],
  validator: Validator,
): Promise<Answers | undefined> {
  const added = new Set<string>()
  const dropped = new Set<string>()
  for (let round = 0; round < rounds; round += 1) {
    const last = round === rounds - 1
    const answers = sampleAnswers(fields, (path, answer) => {
      if (isRequired(answer) || added.has(path)) return true
      return answer.certain && !last && !dropped.has(path)
    })
    const [verdict] = await validator.validate(version, [answers])
    if (!verdict) return undefined
    if (verdict.kind === 'valid') return answers
    for (const { path } of verdict.errors) {
      const place = path.replace(/\[\d+\]/g, '')
      if (has(answers, place)) dropped.add(place)
      else for (const each of withThoseAbove(place)) added.add(each)
    }
  }
  return undefined
}

/** What is added within an object needs the object. */
function withThoseAbove(path: string): string[] {
  const keys = path.split('.')
  return keys.map((_, place) => keys.slice(0, place + 1).join('.'))
}

function has(answers: unknown, path: string): boolean {
  let value = answers
  for (const key of path.split('.')) {
    if (Array.isArray(value)) value = value[0]
    if (!isRecord(value) || !Object.hasOwn(value, key)) return false
    value = value[key]
  }
  return true
}
