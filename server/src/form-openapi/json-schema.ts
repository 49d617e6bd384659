import { isDeepStrictEqual } from 'node:util'
import { isRecord } from '../validation/definition.ts'

/** A schema of JSON Schema 2020-12. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** What stands at a key while the schema of an object is put together: a value, members of its own, or either. */
type Node = { schema: JsonSchema | undefined; inner: Members; required: boolean; fields: number }
/** By key; a map, for a key may be `__proto__`. */
export type Members = Map<string, Node>

/** Fields that share a key, of which conditions show one at a time; with more of them than this anything may stand there. */
const sharedMax = 20

/** Puts the schema of a field at its path of keys. */
export function addField(members: Members, [key = '', ...rest]: string[], schema: JsonSchema, required: boolean): void {
  const node = members.get(key) ?? { schema: undefined, inner: new Map(), required: false, fields: 0 }
  members.set(key, node)
  node.required ||= required
  if (rest.length > 0) addField(node.inner, rest, schema, required)
  else node.schema = sharing(node, schema)
}

function sharing(node: Node, schema: JsonSchema): JsonSchema {
  node.fields += 1
  if (node.fields > sharedMax) return {}
  return node.schema ? either(node.schema, schema) : schema
}

/** An object with these members, and any others that nobody described. */
export function objectSchema(members: Members): JsonSchema {
  const required = [...members].filter(([, node]) => node.required).map(([key]) => key)
  return objectOf(new Map([...members].map(([key, node]) => [key, schemaAt(node)])), required)
}

/**
 * JSON Schema lets further members pass unless it is told not to. Saying so would do harm: generators of types would let a
 * misspelt one pass too. They need it only where nothing is described, which else is an object that must be empty.
 */
function objectOf(properties: ReadonlyMap<string, JsonSchema>, required: unknown[]): JsonSchema {
  if (properties.size === 0) return { type: 'object', additionalProperties: true }
  const known = { type: 'object', properties: Object.fromEntries(properties) }
  return required.length > 0 ? { ...known, required } : known
}

function schemaAt({ schema, inner }: Node): JsonSchema {
  if (inner.size === 0) return schema ?? {}
  return schema ? either(schema, objectSchema(inner)) : objectSchema(inner)
}

/** What holds the values of both: members of objects and items of lists are brought together, the rest is either. */
export function either(one: JsonSchema, other: JsonSchema): JsonSchema {
  if (isDeepStrictEqual(one, other)) return one
  if (isRecord(one.properties) && isRecord(other.properties)) return eitherObject(one, other)
  if (one.type === 'array' && other.type === 'array' && isRecord(one.items) && isRecord(other.items)) {
    return { ...shared(one, other), type: 'array', items: either(one.items, other.items) }
  }
  const { anyOf: ones = [one] } = one
  const { anyOf: others = [other] } = other
  // Both are lists, made right here or by an earlier call.
  const all = [...(ones as JsonSchema[]), ...(others as JsonSchema[])]
  const distinct = all.filter((each, place) => all.findIndex((before) => isDeepStrictEqual(before, each)) === place)
  if (distinct.length > sharedMax) return {}
  return distinct.length === 1 ? (distinct[0] ?? {}) : { anyOf: distinct }
}

function eitherObject(one: JsonSchema, other: JsonSchema): JsonSchema {
  // The caller looked: both have properties, and those of our own making are schemas.
  const [ones, others] = [one.properties, other.properties] as Record<string, JsonSchema>[]
  const merged = new Map(Object.entries(ones ?? {}))
  for (const [key, schema] of Object.entries(others ?? {})) {
    const known = merged.get(key)
    merged.set(key, known ? either(known, schema) : schema)
  }
  const required = listed(one.required).filter((key) => listed(other.required).includes(key))
  return { ...shared(one, other), ...objectOf(merged, required) }
}

function shared(one: JsonSchema, other: JsonSchema): JsonSchema {
  const description = one.description ?? other.description
  return description === undefined ? {} : { description }
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
