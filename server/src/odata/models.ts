import type { Db } from '../db/database.ts'
import { designsOf } from '../exports/designs.ts'
import { recentMap } from '../recent-map.ts'
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
  const kept = recentMap<string, Kept>(keptPropertiesMax, ({ properties }) => properties)
  return {
    async find(formId) {
      const ids = await versionIdsOf(db, formId)
      const versions = ids.join()
      const known = kept.get(formId)
      if (known?.versions === versions) return known.model
      const model = await make(definitions, formId, ids)
      const properties = model.types.reduce((sum, type) => sum + type.properties.length, 0)
      kept.set(formId, { versions, model, properties })
      return model
    },
  }
}

async function make(definitions: Definitions, formId: string, versionIds: string[]): Promise<Model> {
  return modelOf(await designsOf(definitions, formId, versionIds))
}
