import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { OpenApiDocument } from '../src/openapi/complete.ts'
import { everyKind } from './every-kind.ts'
import { type Exports, openExports, textField } from './exports-app.ts'
import { ok, type TestForm } from './harness.ts'
import { mediaIn, newAjv, rebased } from './openapi-document.ts'

// Readers of large documents take their time.
vi.setConfig({ testTimeout: 120_000 })

const validator = new Validator()
let exports: Exports
let folder: string
beforeAll(async () => {
  exports = await openExports()
  folder = await mkdtemp(join(tmpdir(), 'formgate-form-openapi-'))
})
afterAll(async () => {
  await exports.api.close()
  await rm(folder, { recursive: true })
})

async function documentOf(form: TestForm): Promise<OpenApiDocument> {
  const startedAt = performance.now()
  const document: OpenApiDocument = ok(
    await exports.api.call('GET', `/forms/${form.formId}/openapi.json`, { as: form.key }),
  )
  expect(performance.now() - startedAt).toBeLessThan(30_000)
  // A validator turns schemas into code, which takes it minutes for the largest of them.
  if (JSON.stringify(document).length > 3_000_000) return document
  expect(await validator.validate(structuredClone(document))).toMatchObject({ valid: true })
  const ajv = newAjv(document)
  expect(mediaIn(document).filter(({ schema, example }) => !ajv.validate(rebased(schema), example))).toEqual([])
  return document
}

/** The types that openapi-typescript makes of a document. */
async function typesOf(document: OpenApiDocument): Promise<string> {
  const [from, to] = [join(folder, 'document.json'), join(folder, 'types.ts')]
  await writeFile(from, JSON.stringify(document))
  const web = createRequire(new URL('../../web/package.json', import.meta.url))
  const cli = join(dirname(web.resolve('openapi-typescript/package.json')), 'bin/cli.js')
  await promisify(execFile)(process.execPath, [cli, from, '-o', to])
  return readFile(to, 'utf8')
}

const required = { validate: { required: true } }
const nest = (component: object, depth: number): object =>
  depth === 0 ? component : { type: 'container', key: 'c', input: true, components: [nest(component, depth - 1)] }

describe('the types made from a form’s document', () => {
  it('are those of its fields', async () => {
    const types = await typesOf(await documentOf(await exports.addForm(...everyKind)))
    for (const line of [
      'name: string',
      'count?: number | null',
      'size: "s" | "m"',
      'numbered?: "1" | 1 | "2" | 2 | ""',
    ])
      expect(types).toContain(line)
  })

  it('are made of hostile keys and labels too', async () => {
    const keys = ['__proto__', 'constructor', '$ref', 'prototype.polluted', 'a-b', 'example', '例', 'quote\'"`', 'new']
    const labels = ['*/ export const x = 1 /*', '`', '\\u0041', '<script>'.repeat(1000)]
    const fields = [...keys.map(textField), ...labels.map((label, n) => ({ ...textField(`l${n}`), label }))]
    const types = await typesOf(await documentOf(await exports.addForm(...fields)))
    expect(types).toContain('__proto__?: string')
    expect(types).not.toMatch(/^\s*export const x/m)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('are made of 2,000 fields', async () => {
    const fields = Array.from({ length: 2000 }, (_, n) => ({ ...textField(`f${n}`), ...(n % 2 ? required : {}) }))
    const form = await exports.addForm(...fields)
    const document = await documentOf(form)
    expect(await typesOf(document)).toContain('f1999: string')
    const path = document.paths['/app/api/v1/forms/{formId}/versions/{formVersionId}/submissions']
    const body = Object(path?.post).requestBody.content['application/json'].example
    const to = `/forms/${form.formId}/versions/${form.versionId}/submissions`
    ok(await exports.api.call('POST', to, { as: form.key, body }))
  })
})

describe('a document is made', () => {
  it.each<[string, object[]]>([
    ['as deep as a form may be', [nest(textField('a'), 60)]],
    ['keys that make levels of their own', [nest(textField(Array(64).fill('a').join('.')), 55)]],
    ['a key of 100,000 levels', [textField('a.'.repeat(100_000))]],
    ['20,000 fields of one key', Array.from({ length: 20_000 }, (_, n) => ({ ...textField('a'), label: `L${n}` }))],
    ['20,000 fields in one object', Array.from({ length: 20_000 }, (_, n) => textField(`a.f${n}`))],
    [
      'a list of 100,000 options',
      [
        {
          type: 'select',
          key: 'a',
          input: true,
          data: { values: Array.from({ length: 100_000 }, (_, n) => ({ value: `v${n}` })) },
        },
      ],
    ],
    ['limits that nothing fulfils', [{ ...textField('a'), validate: { minLength: 9, maxLength: 1, required: true } }]],
    [
      'limits of no sense',
      [{ ...textField('a'), validate: { minLength: -1, maxLength: 1e308, min: 'x', pattern: 7 } }],
    ],
    [
      'grids of a million rows',
      [
        {
          type: 'datagrid',
          key: 'g',
          input: true,
          validate: { required: true, minLength: 1e6 },
          components: [textField('a')],
        },
      ],
    ],
    [
      'slow patterns',
      Array.from({ length: 50 }, (_, n) => ({
        ...textField(`a${n}`),
        validate: { pattern: '(a+)+$', required: true },
      })),
    ],
    [
      'broken settings',
      [
        { type: 'radio', key: 'a', values: 7, input: true },
        { type: 'select', key: 'b', data: null, dataSrc: 'json' },
        { type: 'survey', key: 'c', questions: 'x', values: [null] },
        { type: 'tabs', key: 't', components: [{ components: [textField('d')] }] },
      ],
    ],
  ])('of %s', async (_, components) => {
    const document = await documentOf(await exports.addForm(...components))
    expect(document.components.schemas).toHaveProperty('Answers')
  })

  it('of a form of many versions', async () => {
    let form = await exports.addForm(textField('first'))
    for (let n = 0; n < 25; n += 1) form = await exports.addVersion(form, textField(`v${n}`))
    const { StoredAnswers } = (await documentOf(form)).components.schemas ?? {}
    expect(Object.keys(Object(StoredAnswers).properties)).toHaveLength(20)
  })
})
