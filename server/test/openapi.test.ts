import { readFile } from 'node:fs/promises'
import { Validator } from '@seriousme/openapi-schema-validator'
import { beforeAll, describe, expect, it } from 'vitest'
import { type OpenApiDocument, operationsOf } from '../src/openapi/complete.ts'
import { generateDocument } from '../src/openapi/generate.ts'
import { problemCodes } from '../src/openapi/problem-codes.ts'
import { type Media, mediaIn, newAjv, rebased, referencesIn, schemasIn } from './openapi-document.ts'

type Reply = { description: string; headers?: Record<string, unknown>; content?: Record<string, Media> }

let text: string
let document: OpenApiDocument
beforeAll(async () => {
  text = await generateDocument()
  document = JSON.parse(text)
})

describe('openapi.json', () => {
  it('is what the routes declare', async () => {
    const committed = await readFile(new URL('../../openapi.json', import.meta.url), 'utf8')
    expect(committed === text, 'openapi.json is out of date: run `npm run openapi`, and look at its diff.').toBe(true)
  })

  it('comes out the same whatever the environment', async () => {
    process.env.RATE_LIMIT_API_KEY = '7'
    process.env.PUBLIC_URL = 'https://forms.example.org'
    try {
      expect((await generateDocument()) === text).toBe(true)
    } finally {
      delete process.env.RATE_LIMIT_API_KEY
      delete process.env.PUBLIC_URL
    }
  })

  it('is a valid OpenAPI 3.1 document whose references all lead somewhere', async () => {
    const validator = new Validator()
    const result = await validator.validate(JSON.parse(text))
    expect(result).toMatchObject({ valid: true })
    expect(validator.version).toBe('3.1')
    expect(referencesIn(document).filter((reference) => lookUp(reference) === undefined)).toEqual([])
  })

  // The validator above checks everything but the schemas, for OpenAPI 3.1 leaves their dialect open.
  it('holds nothing but valid schemas of JSON Schema 2020-12', () => {
    const ajv = newAjv(document)
    const broken = schemasIn(document).flatMap(({ path, schema }) => {
      try {
        ajv.compile(rebased(schema))
        return []
      } catch (error) {
        return [`${path}: ${error}`]
      }
    })
    expect(schemasIn(document).length).toBeGreaterThan(100)
    expect(broken).toEqual([])
  })

  it('shows examples that fit their schemas', () => {
    const ajv = newAjv(document)
    const wrong = mediaIn(document).filter(({ schema, example }) => !ajv.validate(rebased(schema), example))
    expect(wrong).toEqual([])
  })

  it('names every code that an error can have, with its status', async () => {
    const source = await readFile(new URL('../src/problem.ts', import.meta.url), 'utf8')
    const made = [...source.matchAll(/new Problem\(\s*(\d+|status),\s*'(\w+)'/g)].map(([, status, code]) => ({
      // The one whose status differs between operations presets it to 422.
      status: status === 'status' ? 422 : Number(status),
      code,
    }))
    const byCode = (list: { status: number; code?: string | undefined }[]) =>
      list.map(({ status, code }) => `${status} ${code}`).sort()
    expect(byCode(problemCodes)).toEqual(byCode(made))
  })
})

describe('every operation', () => {
  it('has an id and a title of its own, a described section and a sentence on its authorization', () => {
    const operations = operationsOf(document).map(({ operation }) => operation)
    const described = document.tags.map(({ name }) => name)
    const ids = operations.map(({ operationId }) => operationId)
    const titles = operations.map(({ summary }) => summary)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(titles).size).toBe(titles.length)
    for (const operation of operations) {
      expect(described, operation.operationId).toEqual(expect.arrayContaining(operation.tags))
      expect(operation).toMatchObject({ description: expect.stringContaining('**Authorization:**') })
    }
  })

  it('shows the limit in each of its replies, and when to try again where that helps', () => {
    for (const { operation } of operationsOf(document)) {
      for (const [status, reply] of Object.entries(repliesOf(operation.responses))) {
        const names = Object.keys(reply.headers ?? {})
        const expected = [
          'RateLimit',
          'RateLimit-Policy',
          ...(status === '429' || status === '503' ? ['Retry-After'] : []),
        ]
        expect(names, `${operation.operationId} ${status}`).toEqual(expect.arrayContaining(expected))
      }
    }
  })

  it('ends badly in problem details only', () => {
    for (const { operation } of operationsOf(document)) {
      const errors = Object.entries(repliesOf(operation.responses)).filter(([status]) => Number(status) >= 400)
      expect(errors.map(([status]) => status)).toEqual(expect.arrayContaining(['400', '401', '429', '500', '503']))
      for (const [, reply] of errors) {
        expect(reply.content).toEqual({
          'application/problem+json': expect.objectContaining({ schema: { $ref: '#/components/schemas/Problem' } }),
        })
      }
    }
  })

  it('names its parameters as they stand in the address', () => {
    const list = document.paths['/app/api/v1/forms/{formId}/submissions']?.get
    const names = list?.parameters?.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['formId', 'sortBy[column]', 'sortBy[order]', 'search[fields][]']))
    for (const { path, operation } of operationsOf(document)) {
      const inPath = operation.parameters?.filter((each) => each.in === 'path').map(({ name }) => name) ?? []
      expect([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()).toEqual(inPath.sort())
    }
  })
})

/** What a local reference leads to. */
function lookUp(reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (node, key) =>
        typeof node === 'object' && node !== null
          ? Object.entries(node).find(([name]) => name === key)?.[1]
          : undefined,
      document,
    )
}

/** An operation's responses, references resolved. */
function repliesOf(responses: Record<string, { $ref?: string }>): Record<string, Reply> {
  return Object.fromEntries(
    // What the document holds under responses is a response.
    Object.entries(responses).map(([status, each]) => [status, (each.$ref ? lookUp(each.$ref) : each) as Reply]),
  )
}
