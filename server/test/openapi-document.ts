import { createRequire } from 'node:module'
import type { Ajv2020 as Ajv2020Class } from 'ajv/dist/2020.js'
import type { OpenApiDocument } from '../src/openapi/complete.ts'

/** What a body or a reply is, with an example of it. */
export type Media = { schema: unknown; example?: unknown }

const base = 'https://formgate.example/'

/** Ajv with the dialect of 2020, which knows the components: the validator's copy, for our own code has no use for it. */
export function newAjv({ components }: OpenApiDocument) {
  const require = createRequire(createRequire(import.meta.url).resolve('@seriousme/openapi-schema-validator'))
  // CommonJS, so the import has no types of its own.
  const { Ajv2020 } = require('ajv/dist/2020.js') as { Ajv2020: typeof Ajv2020Class }
  const ajv = new Ajv2020({ strict: true, strictTypes: false, validateFormats: false, allErrors: true })
  ajv.addKeyword('example')
  for (const [name, schema] of Object.entries(components.schemas ?? {})) ajv.addSchema(rebased(schema), base + name)
  return ajv
}

/** The same schema with its references as Ajv knows them. */
export function rebased(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/components/schemas/', `"$ref":"${base}`))
}

/** Every schema that an operation or a component holds. */
export function schemasIn(node: unknown, path = ''): { path: string; schema: unknown }[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) => {
    const here = `${path}/${key}`
    if (key === 'schema' && !path.includes('/properties')) return [{ path: here, schema: value }]
    if (path === '/components' && key === 'schemas') {
      return Object.entries(value).map(([name, schema]) => ({ path: `${here}/${name}`, schema }))
    }
    return schemasIn(value, here)
  })
}

/** Every body and reply that has an example. */
export function mediaIn(node: unknown): Media[] {
  if (typeof node !== 'object' || node === null) return []
  const inside = Object.entries(node).flatMap(([key, value]) => (key === 'schemas' ? [] : mediaIn(value)))
  return 'schema' in node && 'example' in node ? [{ schema: node.schema, example: node.example }, ...inside] : inside
}

/** Where the references lead. */
export function referencesIn(node: unknown): string[] {
  return [...JSON.stringify(node).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference)
}
