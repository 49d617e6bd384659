import type { Definitions } from '../versions/definitions.ts'
import { type Design, designOf } from './columns.ts'

/** What versions of a form say about the shape of its answers, in the order of the ids. */
export async function designsOf(
  definitions: Definitions,
  formId: string,
  versionIds: readonly string[],
): Promise<Design[]> {
  const designs: Design[] = []
  // One after another: a form may have hundreds of versions, and their definitions are large.
  for (const id of versionIds) designs.push(designOf((await definitions.find(formId, id))?.parse()))
  return designs
}
