import type { Schema, SpecDocument } from './spec.ts'

export type SchemaRow = { name: string; depth: number; type: string; required: boolean; description: string }

const deepest = 4
const most = 200

/** The members of a schema as rows, nested ones below theirs; members that are ignored anyway are left out. */
export function schemaRows(spec: SpecDocument, schema: Schema): SchemaRow[] {
  const rows: SchemaRow[] = []
  const walk = (of: Schema, depth: number, seen: string[]) => {
    const { resolved, refs } = inner(spec, of, seen)
    for (const [name, member] of Object.entries(resolved.properties ?? {})) {
      if (rows.length >= most || member.description === 'Ignored') continue
      rows.push({
        name,
        depth,
        type: typeText(spec, member),
        required: resolved.required?.includes(name) === true,
        description: member.description ?? resolve(spec, member).description ?? '',
      })
      if (depth < deepest) walk(member, depth + 1, refs)
    }
  }
  walk(schema, 0, [])
  return rows
}

/** What has the members: an array's items, the one of several that is not null. A reference is followed once. */
function inner(spec: SpecDocument, schema: Schema, seen: string[]): { resolved: Schema; refs: string[] } {
  if (schema.$ref) {
    if (seen.includes(schema.$ref)) return { resolved: {}, refs: seen }
    return inner(spec, resolve(spec, schema), [...seen, schema.$ref])
  }
  if (schema.items) return inner(spec, schema.items, seen)
  const choice = (schema.anyOf ?? schema.oneOf)?.find((each) => each.type !== 'null')
  if (choice) return inner(spec, choice, seen)
  return { resolved: schema, refs: seen }
}

export function resolve(spec: SpecDocument, schema: Schema): Schema {
  const name = schema.$ref?.replace('#/components/schemas/', '')
  return name === undefined ? schema : (spec.components?.schemas?.[name] ?? {})
}

/** A type in words of code: `string`, `"csv" | "json"`, `Form[]`, `string | null`. */
export function typeText(spec: SpecDocument, schema: Schema): string {
  if (schema.$ref) return schema.$ref.replace('#/components/schemas/', '')
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return [...new Set(choices.map((each) => typeText(spec, each)))].join(' | ')
  if (schema.items) return `${typeText(spec, schema.items)}[]`
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'any')
  return schema.format ? `${type} (${schema.format})` : type
}

/** A value that fits a schema, with its required members: the beginning of a body to be edited. */
export function sampleOf(spec: SpecDocument, schema: Schema, depth = 0): unknown {
  const { resolved } = inner(spec, schema.items ? { ...schema, items: {} } : schema, [])
  if (schema.items) return depth > deepest ? [] : [sampleOf(spec, schema.items, depth + 1)]
  const example = resolved.example ?? resolved.examples?.[0] ?? resolved.default ?? resolved.enum?.[0] ?? resolved.const
  if (example !== undefined) return example
  const type = Array.isArray(resolved.type) ? resolved.type[0] : resolved.type
  if (type === 'object' || resolved.properties) {
    const wanted = depth > deepest ? [] : (resolved.required ?? [])
    return Object.fromEntries(
      wanted.map((name) => [name, sampleOf(spec, resolved.properties?.[name] ?? {}, depth + 1)]),
    )
  }
  if (type === 'array') return resolved.items && depth <= deepest ? [sampleOf(spec, resolved.items, depth + 1)] : []
  if (type === 'boolean') return false
  if (type === 'integer' || type === 'number') return 0
  return ''
}
