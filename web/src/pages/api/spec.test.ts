import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { sampleOf, schemaRows, typeText } from './schema-outline.ts'
import { filterOperations, operationsIn, type SpecDocument, sectionsOf } from './spec.ts'

const spec = JSON.parse(
  await readFile(new URL('../../../../openapi.json', import.meta.url), 'utf8'),
) as SpecDocument & { 'x-basic-auth-operations': string[] } // our own document, which its own tests hold to OpenAPI
const operations = operationsIn(spec)
const find = (id: string) => {
  const found = operations.find((operation) => operation.id === id)
  if (!found) throw new Error(`There is no ${id}.`)
  return found
}

describe('our own document', () => {
  it('has exactly the operations that take a key behind the filter', () => {
    const shown = filterOperations(operations, { onlyKey: true, words: '' }).map(({ id }) => id)
    expect(shown.sort()).toEqual([...spec['x-basic-auth-operations']].sort())
  })

  it('shows every operation in one section', () => {
    const ids = sectionsOf(spec, operations).flatMap((section) => section.operations.map(({ id }) => id))
    expect(ids.sort()).toEqual(operations.map(({ id }) => id).sort())
  })

  it('is searched by all words, wherever they stand', () => {
    const ids = filterOperations(operations, { onlyKey: false, words: 'EXPORT  csv' }).map(({ id }) => id)
    expect(ids).toContain('listExportFields')
    expect(ids).not.toContain('getForm')
  })

  it('follows the references of shared replies', () => {
    const limited = find('getForm').replies.find(({ status }) => status === '429')
    expect(limited?.description).toContain('rate_limited')
  })

  it('outlines the members of a body', () => {
    const rows = schemaRows(spec, find('createSubmission').body?.schema ?? {})
    expect(rows.map(({ name, depth, required }) => [name, depth, required])).toContainEqual(['data', 1, true])
    expect(rows.map(({ name }) => name)).not.toContain('createdBy')
  })

  it('begins a body with its required members', () => {
    expect(sampleOf(spec, find('createSubmission').body?.schema ?? {})).toEqual({ submission: { data: {} } })
  })

  it('outlines and begins every schema without end', () => {
    for (const name of Object.keys(spec.components?.schemas ?? {})) {
      const schema = { $ref: `#/components/schemas/${name}` }
      expect(schemaRows(spec, schema).length).toBeLessThanOrEqual(200)
      expect(JSON.stringify(sampleOf(spec, schema)).length).toBeLessThan(20_000)
    }
  })
})

it('ends at a schema that holds itself', () => {
  const tree: SpecDocument = {
    paths: {},
    components: {
      schemas: { Tree: { type: 'object', properties: { children: { items: { $ref: '#/components/schemas/Tree' } } } } },
    },
  }
  expect(schemaRows(tree, { $ref: '#/components/schemas/Tree' }).map(({ name }) => name)).toEqual(['children'])
})

it.each([
  [{ enum: ['a', 1] }, '"a" | 1'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
  [{ items: { $ref: '#/components/schemas/Form' } }, 'Form[]'],
  [{ type: 'string', format: 'uuid' }, 'string (uuid)'],
  [{}, 'any'],
])('writes the type %j', (schema, text) => {
  expect(typeText(spec, schema)).toBe(text)
})
