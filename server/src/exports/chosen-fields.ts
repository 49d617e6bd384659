import { joinObjects } from '../http/json-text.ts'
import { parseExactly } from './exact-json.ts'
import type { ExportColumns } from './export-columns.ts'
import type { Path } from './grid-lines.ts'
import type { metadataOf } from './metadata.ts'
import { undeclared } from './submission-lines.ts'

type Metadata = ReturnType<typeof metadataOf>
/** What is kept of an object: each member as a whole, or only some of its own members. */
type Kept = Map<string, Kept | 'whole'>

/**
 * A function that gives the JSON text of a submission with these columns alone: members of `form`, and answers in the
 * objects and grids that they stand in. A grid keeps all its rows, each with the chosen members. `form` is left out when none
 * of its members was chosen. No digit of a number is lost.
 */
export function narrowedTo({ columns, declared }: ExportColumns): (metadata: Metadata, answers: string) => string {
  const members = columns.flatMap((column) => (column.kind === 'metadata' ? [column.member] : []))
  const kept = treeOf(columns.flatMap((column) => (column.kind === 'answer' ? [column.path] : [])))
  const rest = columns.some(({ kind }) => kind === 'rest')
  return (metadata, answers) => {
    const form = Object.fromEntries(members.map((member) => [member, metadata[member]]))
    // The column's text is the text of an object; jsonb has nothing else to give.
    const all = parseExactly(answers) as Record<string, unknown>
    const chosen = JSON.stringify({ ...narrowed(all, kept), ...(rest ? undeclared(all, declared) : {}) })
    return members.length > 0 ? joinObjects(JSON.stringify({ form }), chosen) : chosen
  }
}

function treeOf(paths: readonly Path[]): Kept {
  const root: Kept = new Map()
  for (const path of paths) keep(root, path.map(String))
  return root
}

function keep(root: Kept, path: string[]): void {
  let level = root
  for (const [place, key] of path.entries()) {
    const known = level.get(key)
    if (known === 'whole') return
    if (place === path.length - 1) level.set(key, 'whole')
    else {
      const inner: Kept = known ?? new Map()
      level.set(key, inner)
      level = inner
    }
  }
}

/** Members in the order of the object; what is no object has none of those that were chosen. */
function narrowed(holder: object, kept: Kept): Record<string, unknown> {
  const entries: [string, unknown][] = []
  for (const [key, value] of Object.entries(holder)) {
    const inner = kept.get(key)
    if (inner === 'whole') entries.push([key, value])
    else if (inner && typeof value === 'object' && value !== null) entries.push([key, within(value, inner)])
  }
  return Object.fromEntries(entries)
}

function within(value: object, kept: Kept): unknown {
  if (!Array.isArray(value)) return narrowed(value, kept)
  return value.map((row: unknown) => (typeof row === 'object' && row !== null ? narrowed(row, kept) : null))
}
