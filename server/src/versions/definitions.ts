import type { Db } from '../db/database.ts'
import { recentMap } from '../recent-map.ts'
import { fieldKeys } from '../validation/definition.ts'
import { findDefinition } from './versions.queries.ts'

export type DefinitionOfVersion = {
  /** JSON text, as it was sent. */
  text: string
  /** Keys of its inputs, in design order. */
  fields(): string[]
  /** Parsed anew at each call: whoever takes it may change it. */
  parse(): Record<string, unknown>
}

/** Definitions of versions, kept in memory: a version never changes. */
export type Definitions = { find(formId: string, versionId: string): Promise<DefinitionOfVersion | undefined> }

const keptCharactersMax = 64 * 1024 * 1024

/** Keeps the most recently used definitions up to 64 million characters. */
export function definitionsOf(db: Db): Definitions {
  const kept = recentMap<string, DefinitionOfVersion>(keptCharactersMax, ({ text }) => text.length)
  return {
    async find(formId, versionId) {
      // The form is part of the name: a version of another form stays as unknown as it is in the database.
      const id = `${formId}/${versionId}`
      const known = kept.get(id)
      if (known) return known
      const text = await findDefinition(db, formId, versionId)
      if (text === undefined) return undefined
      const definition = toDefinition(text)
      kept.set(id, definition)
      return definition
    },
  }
}

function toDefinition(text: string): DefinitionOfVersion {
  const parse = () => JSON.parse(text) as Record<string, unknown>
  let known: string[] | undefined
  function fields(): string[] {
    known ??= fieldKeys(parse())
    return known
  }
  return { text, parse, fields }
}
