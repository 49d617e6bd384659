import { createValidator, type Validator, type Verdict } from './validator.ts'

type Options = { draft?: boolean; display?: string }

/** A validator for a test file, with short ways to ask it. */
export type Trial = {
  validator: Validator
  /** What the validator reported; its own failures among it. */
  logged: object[]
  verdictOn(components: unknown, answers: Record<string, unknown>, options?: Options): Promise<Verdict>
  errorsOn(components: unknown, answers: Record<string, unknown>, options?: Options): Promise<string[]>
}

export function startTrial(deadlineMs: number): Trial {
  const logged: object[] = []
  const log = { warn: (fields: object, message: string) => void logged.push({ ...fields, message }) }
  const validator = createValidator({ deadlineMs, workers: 2, log })
  let versions = 0

  async function verdictOn(
    components: unknown,
    answers: Record<string, unknown>,
    { draft = false, display = 'form' }: Options = {},
  ): Promise<Verdict> {
    versions += 1
    const [verdict] = await validator.validate({ id: `v${versions}`, schema: { display, components } }, [answers], {
      draft,
    })
    if (!verdict) throw new Error('no verdict')
    return verdict
  }

  async function errorsOn(
    components: unknown,
    answers: Record<string, unknown>,
    options: Options = {},
  ): Promise<string[]> {
    const verdict = await verdictOn(components, frozen(answers), options)
    return verdict.kind === 'valid' ? [] : verdict.errors.map(({ path, message }) => `${path}: ${message}`)
  }

  return { validator, logged, verdictOn, errorsOn }
}

/** Makes sure on the way that nothing writes to the answers. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(Object.freeze(value))) frozen(inner)
  return value
}

export const field = (type: string, more: object = {}): object => ({
  type,
  key: 'a',
  label: 'Name',
  input: true,
  ...more,
})
export const text = (key: string, more: object = {}): object => ({
  type: 'textfield',
  key,
  label: key.toUpperCase(),
  input: true,
  ...more,
})
export const required = { validate: { required: true } }
