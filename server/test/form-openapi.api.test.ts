import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type OpenApiDocument, operationsOf } from '../src/openapi/complete.ts'
import { plainAnswers } from './definitions.ts'
import { everyKind } from './every-kind.ts'
import { expectProblem } from './expect-problem.ts'
import { type Exports, openExports, textField } from './exports-app.ts'
import { type Api, type As, ok, type TestForm } from './harness.ts'
import { mediaIn, newAjv, rebased, referencesIn, schemasIn } from './openapi-document.ts'

vi.setConfig({ testTimeout: 60_000 })

const validator = new Validator()
let exports: Exports
let api: Api
beforeAll(async () => {
  exports = await openExports()
  api = exports.api
})
afterAll(() => api.close())

type Schema = { properties: Record<string, Record<string, unknown>>; required?: string[] }

const ask = (form: TestForm, as: As = form.key, headers: Record<string, string> = {}) =>
  api.call('GET', `/forms/${form.formId}/openapi.json`, { as, headers })
const documentOf = async (form: TestForm, as?: As): Promise<OpenApiDocument> => ok(await ask(form, as))
const schemaNamed = ({ components }: OpenApiDocument, name: string) => components.schemas?.[name] as Schema
const exampleOf = (document: OpenApiDocument) => {
  const { operation } = operationsOf(document).find((each) => each.operation.operationId === 'createSubmission') ?? {}
  return Object(operation).requestBody.content['application/json'].example
}

async function expectSound(document: OpenApiDocument): Promise<void> {
  expect(await validator.validate(structuredClone(document))).toMatchObject({ valid: true })
  expect(validator.version).toBe('3.1')
  const ajv = newAjv(document)
  for (const { schema } of schemasIn(document)) ajv.compile(rebased(schema))
  expect(mediaIn(document).filter(({ schema, example }) => !ajv.validate(rebased(schema), example))).toEqual([])
  const names = new Set(
    Object.entries(document.components).flatMap(([kind, all]) =>
      Object.keys(all).map((name) => `#/components/${kind}/${name}`),
    ),
  )
  expect(referencesIn(document).filter((each) => !names.has(each))).toEqual([])
}

async function expectTaken(form: TestForm, document: OpenApiDocument): Promise<void> {
  const path = `/forms/${form.formId}/versions/${form.versionId}/submissions`
  const reply = await api.call('POST', path, { as: form.key, body: exampleOf(document) })
  expect([reply.statusCode, reply.statusCode === 201 ? '' : reply.body]).toEqual([201, ''])
}

describe('the document of a form', () => {
  it('is a valid document with schemas and examples that fit, one of which can be submitted', async () => {
    const form = await exports.addForm(...everyKind)
    const document = await documentOf(form)
    await expectSound(document)
    await expectTaken(form, document)
  })

  it('tells the types, labels, limits and options of the fields', async () => {
    const { properties, required } = schemaNamed(await documentOf(await exports.addForm(...everyKind)), 'Answers')
    expect(properties).toMatchObject({
      name: { description: 'Name', type: 'string', minLength: 2, maxLength: 50 },
      code: { anyOf: [{ pattern: '^[A-Z]{2}\\d{3}$' }, { const: '' }] },
      count: { type: ['number', 'null'], minimum: 1, maximum: 10 },
      mail: { type: 'string', format: 'email' },
      when: { anyOf: [{ format: 'date-time' }, { const: '' }] },
      agree: { type: 'boolean', const: true },
      size: { enum: ['s', 'm'] },
      colour: { enum: ['red', 'blue', ''] },
      several: { type: 'array', items: { enum: ['a', 'b'] } },
      sells: { type: 'object', properties: { eggs: { type: 'boolean' }, milk: { type: 'boolean' } } },
      opinion: { type: 'object', properties: { price: { enum: ['good', 'bad', ''] } } },
      children: {
        type: 'array',
        items: { type: 'object', properties: { first: { type: 'string' } }, required: ['first'] },
      },
      place: { type: 'object', properties: { town: { type: 'string' } }, required: ['town'] },
      nested: { type: 'object', properties: { data: { properties: { inner: { type: 'string' } } } } },
      inPanel: { type: 'string' },
      dotted: { type: 'object', properties: { key: { type: 'string' } } },
    })
    expect(required).toEqual(['name', 'mail', 'agree', 'size', 'children', 'place'])
  })

  it('asks for nothing that a condition may hide', async () => {
    const shown = { conditional: { show: true, when: 'a', eq: 'x' }, validate: { required: true } }
    const form = await exports.addForm(textField('a'), { ...textField('b'), ...shown })
    const document = await documentOf(form)
    expect(schemaNamed(document, 'Answers')).not.toHaveProperty('required')
    await expectTaken(form, document)
  })

  it('has an example with what its own answers make required', async () => {
    const shown = { conditional: { show: true, when: 'a', eq: 'yes' }, validate: { required: true } }
    const choice = { type: 'radio', key: 'a', input: true, values: [{ value: 'yes', label: 'Yes' }] }
    const form = await exports.addForm(choice, { ...textField('b'), ...shown })
    const document = await documentOf(form)
    expect(exampleOf(document).submission.data).toEqual({ a: 'yes', b: 'Text' })
    await expectTaken(form, document)
  })

  it('has no example where only the author knows what is right, and says so', async () => {
    const field = {
      ...textField('a'),
      validate: { required: true, custom: 'valid = input === "open sesame" ? true : "no"' },
    }
    const document = await documentOf(await exports.addForm(field))
    expect(exampleOf(document)).toBeUndefined()
    expect(document.info.description).toContain('There is no example to submit')
  })

  it('reads back the fields of all versions, and what is stored fits', async () => {
    const first = await exports.addForm(textField('old'), textField('both'))
    const form = await exports.addVersion(first, textField('new'), { type: 'number', key: 'both', input: true })
    const document = await documentOf(form)
    expect(Object.keys(schemaNamed(document, 'Answers').properties)).toEqual(['new', 'both'])
    expect(schemaNamed(document, 'StoredAnswers').properties).toMatchObject({
      old: { type: 'string' },
      new: { type: 'string' },
      both: { anyOf: [{ type: ['number', 'null'] }, { type: 'string' }] },
    })
  })

  it('lets drafts be incomplete, and checks what is none', async () => {
    const ajv = newAjv(await documentOf(await api.addForm()))
    const fits = (body: object) => ajv.validate('https://formgate.example/NewSubmission', body)
    expect(fits({ submission: { data: plainAnswers } })).toBe(true)
    expect(fits({ submission: { data: {} } })).toBe(false)
    expect(fits({ draft: true, submission: { data: {} } })).toBe(true)
  })

  it('lists the columns of an export', async () => {
    const form = await api.addForm()
    await api.submit(form)
    const document = await documentOf(form)
    const reply = document.paths['/app/api/v1/forms/{formId}/export']?.get?.responses[200]
    const columns: { name: string }[] = Object(reply).content['text/csv']['x-columns']
    expect(columns).toContainEqual({ name: 'children.years', label: 'Age (2)', valueType: 'number' })
    expect(columns.map(({ name }) => name)).toEqual((await exports.csv(form))[0])
  })

  it('names this form and its published version in examples and commands', async () => {
    const form = await api.addForm()
    const document = await documentOf(form)
    const path = '/app/api/v1/forms/{formId}/versions/{formVersionId}/submissions'
    const { parameters = [] } = document.paths[path]?.post ?? {}
    expect(parameters.filter((each) => each.in === 'path')).toMatchObject([
      { name: 'formId', example: form.formId },
      { name: 'formVersionId', example: form.versionId },
    ])
    expect(document).toMatchObject({ servers: [{ url: expect.stringMatching(/^http:\/\/localhost:\d+$/) }] })
    for (const { operation } of operationsOf(document)) {
      expect(Object(operation)['x-codeSamples'][0].source).toContain(`curl -u "${form.formId}:$API_KEY"`)
    }
  })
})

describe('its operations', () => {
  const idsIn = (document: OpenApiDocument) => operationsOf(document).map(({ operation }) => operation.operationId)

  it('are those that the calling key may use', async () => {
    const form = await api.addForm()
    const all = idsIn(await documentOf(form))
    expect(all).toEqual(
      expect.arrayContaining([
        'listSubmissions',
        'getSubmission',
        'createSubmission',
        'deleteSubmission',
        'exportSubmissions',
        'listChanges',
        'getFormOpenapi',
      ]),
    )
    expect(all).not.toContain('updateForm')
    const path = `/forms/${form.formId}/apiKeys`
    const body = { name: 'reader', scopes: ['form:read', 'submissions:read'] }
    const { secret } = ok(await api.call('POST', path, { as: api.owner, body }))
    const few = idsIn(await documentOf(form, { formId: form.formId, secret }))
    expect(few).toContain('listSubmissions')
    expect(few).not.toContain('createSubmission')
    expect(few).not.toContain('deleteSubmission')
  })

  it('are none that submit while no version is published', async () => {
    const form = await api.addForm()
    const publish = `/forms/${form.formId}/versions/${form.versionId}/publish`
    ok(await api.call('POST', publish, { as: api.owner, query: { unpublish: 'true' } }))
    const document = await documentOf(form)
    expect(idsIn(document)).not.toContain('createSubmission')
    await expectSound(document)
  })

  it('take a key, all of them', async () => {
    for (const { operation } of operationsOf(await documentOf(await api.addForm()))) {
      expect(operation.security.map((way) => Object.keys(way))).toEqual([['BasicAuth']])
    }
  })
})

describe('the address', () => {
  it('serves a person with a role, and nobody without one', async () => {
    const form = await api.addForm()
    ok(await ask(form, api.owner))
    const stranger = await api.addPerson('stranger@example.org')
    expectProblem(await ask(form, stranger), 403, 'forbidden')
    expectProblem(await api.call('GET', `/forms/${form.formId}/openapi.json`), 401, 'unauthorized')
  })

  it('knows neither another form’s key nor an unknown form', async () => {
    const [form, other] = [await api.addForm(), await api.addForm()]
    expectProblem(await ask(form, other.key), 401, 'unauthorized')
    expectProblem(await ask({ ...form, formId: '00000000-0000-4000-8000-000000000000' }, form.key), 401, 'unauthorized')
  })

  it('sends a document once: who has it already gets 304, until the form changes', async () => {
    const form = await exports.addForm(textField('a'))
    const { etag } = (await ask(form)).headers
    const again = { 'if-none-match': String(etag) }
    expect((await ask(form, form.key, again)).statusCode).toBe(304)
    await exports.addVersion(form, textField('b'))
    expect((await ask(form, form.key, again)).statusCode).toBe(200)
  })
})
