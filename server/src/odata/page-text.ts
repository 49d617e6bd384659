import { type Entity, entityText, type Writing } from './entity-text.ts'
import type { Shape } from './shape.ts'

/** A page of entities that begins to be written before its end is known. */
export type Page = {
  /** The members that go before the entities, as JSON text each. */
  head: string[]
  found: { entity: Entity; keys: (string | null)[] }[]
  /** The address of what comes behind so many of the entities found; undefined when there is nothing. */
  nextLink(shown: number): string | undefined
}

/** A page is cut short once its text is longer: a form can have many properties, and a reader may hold it whole. */
const pageCharacters = 8_000_000
const pieceCharacters = 64_000

/** A page as JSON text (OData JSON Format 4.0 §12), in pieces. */
export async function* pageText(page: Page, shape: Shape, writing: Writing): AsyncGenerator<string> {
  let text = `{${[...page.head, '"value":['].join(',')}`
  let shown = 0
  let characters = 0
  for (const { entity } of page.found) {
    if (characters > pageCharacters) break
    text += `${shown > 0 ? ',' : ''}${entityText(entity, shape, writing)}`
    shown += 1
    if (text.length < pieceCharacters) continue
    characters += text.length
    yield text
    text = ''
  }
  const next = page.nextLink(shown)
  yield `${text}]${next === undefined ? '' : `,"@odata.nextLink":${JSON.stringify(next)}`}}`
}
