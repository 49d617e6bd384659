import { problems } from '../problem.ts'
import { checkDefinition } from '../validation/definition.ts'

/**
 * Refuses what is no form.io definition, before it is stored.
 * @param path where the definition stands in the body
 * @throws Problem 422 `invalid_body`
 */
export function assertDefinition(definition: unknown, path: string): void {
  const check = checkDefinition(definition)
  if (check.kind === 'bad') {
    throw problems.invalidBody([{ path: [path, check.path].filter(Boolean).join('.'), message: check.message }])
  }
}
