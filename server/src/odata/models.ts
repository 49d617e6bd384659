import type { Db } from '../db/database.ts'
import { type Design, designOf } from '../exports/columns.ts'
import type { Definitions } from '../versions/definitions.ts'
import { type Model, modelOf } from './model.ts'
import { versionIdsOf } from './odata.queries.ts'

/** Finds the model of a form as it is now. */
export type Models = { find(formId: string): Promise<Model> }

type Kept = { versions: string; model: Model; properties: number }

/** Each is some hundred bytes. */
const keptPropertiesMax = 200_000

/**
 * Makes the models of forms and keeps those used last: a page of the feed is asked for more often than a version is
 * published, and a version never changes.
 */
export function modelsOf(db: Db, definitions: Definitions): Models {
  const kept = new Map<string, Kept>()

  function keep(formId: string, made: Kept): void {
    kept.delete(formId)
    kept.set(formId, made)
    let properties = [...kept.values()].reduce((sum, each) => sum + each.properties, 0)
    for (const [oldest, each] of kept) {
      if (properties <= keptPropertiesMax || kept.size === 1) break
      kept.delete(oldest)
      properties -= each.properties
    }
  }

  return {
    async find(formId) {
      const ids = await versionIdsOf(db, formId)
      const versions = ids.join()
      const known = kept.get(formId)
      const model = known?.versions === versions ? known.model : await make(definitions, formId, ids)
      keep(formId, {
        versions,
        model,
        properties: model.types.reduce((sum, { properties }) => sum + properties.length, 0),
      })
      return model
    },
  }
}

async function make(definitions: Definitions, formId: string, versionIds: string[]): Promise<Model> {
  const designs: Design[] = []
  // One after another: a form may have hundreds of versions, and their definitions are large.
  for (const id of versionIds) designs.push(designOf((await definitions.find(formId, id))?.parse()))
  return modelOf(designs)
}
