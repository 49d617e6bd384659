import type { Db } from '../db/database.ts'
import { designOf } from '../exports/columns.ts'
import type { Definitions } from '../versions/definitions.ts'
import { versionsOfForm } from '../versions/versions.queries.ts'
import { type AnswerPlace, placeOfField } from './answer-place.ts'

/** Where fields of a form lie, by their names; those that no version has are missing. */
export async function placesOfFields(
  { db, definitions }: { db: Db; definitions: Definitions },
  formId: string,
  fields: readonly string[],
): Promise<Map<string, AnswerPlace>> {
  const found = new Map<string, AnswerPlace>()
  let missing = fields
  // Newest first and one after another: most fields are in the newest version, and definitions are large.
  for (const { id } of missing.length > 0 ? await versionsOfForm(db, formId) : []) {
    const design = designOf((await definitions.find(formId, id))?.parse())
    for (const field of missing) {
      const place = placeOfField(field, design)
      if (place) found.set(field, place)
    }
    missing = missing.filter((field) => !found.has(field))
    if (missing.length === 0) break
  }
  return found
}
