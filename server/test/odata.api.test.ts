import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ok, openApi, type TestForm } from './harness.ts'
import { type Feed, farmFields, field, grid, openFeed } from './odata-app.ts'

let feed: Feed
let form: TestForm
let id: string
beforeAll(async () => {
  feed = await openFeed()
  form = await feed.addForm(...farmFields)
  id = await feed.store(form, {
    name: 'Ada',
    acres: 12.5,
    organic: true,
    since: '2024-05-01T12:00:00-07:00',
    sells: { eggs: true, milk: false },
    colours: ['red', 'blue'],
    owner: { name: 'Bob' },
    fields: [
      { crop: 'hay', size: 1, harvests: [{ year: 2024 }, { year: 2025 }] },
      { crop: 'rye', harvests: [] },
    ],
    other: { a: 1 },
  })
})
afterAll(() => feed.api.close())

const root = () => `http://localhost:80/app/api/v1/forms/${form.formId}/odata`
const body = async (path: string, query = {}, headers = {}) => ok(await feed.get(form, path, query, form.key, headers))

describe('the feed', () => {
  it('lists its sets', async () => {
    expect(await body('')).toEqual({
      '@odata.context': `${root()}/$metadata`,
      value: ['Submissions', 'Submissions_fields', 'Submissions_fields_harvests'].map((name) => ({
        name,
        kind: 'EntitySet',
        url: name,
      })),
    })
  })

  it('gives a submission as one entity with typed properties', async () => {
    const { '@odata.context': context, value } = await body('/Submissions')
    expect(context).toBe(`${root()}/$metadata#Submissions`)
    expect(value).toEqual([
      expect.objectContaining({
        submissionId: id,
        form_confirmationId: id.slice(0, 8).toUpperCase(),
        form_version: 1,
        form_createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        form_status: 'SUBMITTED',
        form_draft: false,
        name: 'Ada',
        acres: 12.5,
        organic: true,
        since: '2024-05-01T12:00:00-07:00',
        sells_eggs: true,
        sells_milk: false,
        colours: '["red", "blue"]',
        owner_name: 'Bob',
        undeclared: '{"other": {"a": 1}}',
        misfits: null,
      }),
    ])
  })

  it('gives the rows of grids as sets of their own, with keys that lead back', async () => {
    expect(await feed.values(form, '/Submissions_fields')).toEqual([
      expect.objectContaining({ rowId: `${id}.1`, submissionId: id, row: 1, crop: 'hay', size: 1 }),
      expect.objectContaining({ rowId: `${id}.2`, submissionId: id, row: 2, crop: 'rye', size: null }),
    ])
    expect(await feed.values(form, '/Submissions_fields_harvests')).toEqual([
      expect.objectContaining({ rowId: `${id}.1.1`, submissionId: id, parentRowId: `${id}.1`, row: 1, year: 2024 }),
      expect.objectContaining({ rowId: `${id}.1.2`, submissionId: id, parentRowId: `${id}.1`, row: 2, year: 2025 }),
    ])
  })

  it('gives one entity by its key, and what belongs to it', async () => {
    for (const path of [`/Submissions(${id})`, `/Submissions(submissionId=${id})`, `/Submissions/${id}`]) {
      expect(await body(path, { $select: 'name' })).toEqual({
        '@odata.context': `${root()}/$metadata#Submissions(name)/$entity`,
        name: 'Ada',
      })
    }
    expect(await body(`/Submissions_fields('${id}.2')`)).toMatchObject({ crop: 'rye' })
    expect(await body(`/Submissions_fields('${id}.2')/submission`)).toMatchObject({ name: 'Ada' })
    expect(await body(`/Submissions_fields_harvests('${id}.1.2')/parent`)).toMatchObject({ crop: 'hay' })
    expect((await feed.values(form, `/Submissions(${id})/fields`)).map(({ crop }) => crop)).toEqual(['hay', 'rye'])
    expect(await feed.values(form, `/Submissions_fields('${id}.2')/harvests`)).toEqual([])
    expect((await feed.get(form, `/Submissions(${id})/fields/$count`)).body).toBe('2')
  })

  it('brings grids along with $expand', async () => {
    const query = { $select: 'name', $expand: 'fields($select=crop;$expand=harvests($select=year))' }
    expect(await body('/Submissions', query)).toEqual({
      '@odata.context': `${root()}/$metadata#Submissions(name,fields(crop,harvests(year)))`,
      value: [
        {
          name: 'Ada',
          fields: [
            { crop: 'hay', harvests: [{ year: 2024 }, { year: 2025 }] },
            { crop: 'rye', harvests: [] },
          ],
        },
      ],
    })
  })

  it('gives the rest of a long grid behind a link', async () => {
    const own = await feed.addForm(...farmFields)
    const rows = (count: number) => Array.from({ length: count }, (_, row) => ({ crop: String(row) }))
    await feed.store(own, { fields: rows(2500) })
    const [first] = await feed.values(own, '/Submissions', { $expand: 'fields($select=crop)' })
    const link = new URL(String(first?.['fields@odata.nextLink']))
    const rest = await feed.all(own, decodeURI(link.pathname).split('/odata')[1], Object.fromEntries(link.searchParams))
    expect(rest.map((page) => page.length)).toEqual([1000, 500])
    expect([first?.fields, ...rest].flat()).toEqual(rows(2500))
  })

  it('shows what it cannot show as its type in `misfits`', async () => {
    const own = await feed.addForm(...farmFields)
    const odd = { name: { a: 1 }, acres: 'many', organic: 'yes', since: 'May', owner: 5, fields: [3, { size: 'x' }] }
    await feed.store(own, odd)
    const [entity] = await feed.values(own)
    expect(entity).toMatchObject({ name: null, acres: null, organic: null, since: null, owner_name: null })
    const { fields: _, ...others } = odd
    expect(JSON.parse(String(entity?.misfits))).toEqual(others)
    const rows = await feed.values(own, '/Submissions_fields')
    expect(rows.map(({ misfits }) => JSON.parse(String(misfits)))).toEqual([{ Submission_fields: 3 }, { size: 'x' }])
  })

  it('takes what was a container in another version for a single row', async () => {
    const own = await feed.addForm(field('container', 'fields', { components: [field('textfield', 'crop')] }))
    await feed.store(own, { fields: { crop: 'hay' } })
    await feed.addVersion(own, ...farmFields)
    expect(await feed.values(own, '/Submissions_fields', { $select: 'row,crop' })).toEqual([{ row: 1, crop: 'hay' }])
    expect(await feed.values(own, '/Submissions_fields', { $filter: "crop eq 'hay'" })).toHaveLength(1)
  })

  it('has the fields of all versions, whether or not they have submissions', async () => {
    const own = await feed.addForm(field('textfield', 'fax'))
    await feed.addVersion(own, field('textfield', 'mail'), grid('list', field('textfield', 'item')))
    const metadata = (await feed.get(own, '/$metadata')).body
    for (const name of ['fax', 'mail', 'item'])
      expect(metadata).toContain(`<Property Name="${name}" Type="Edm.String">`)
  })
})

describe('a reply', () => {
  it('tells the version of OData, errors too', async () => {
    const wrong = { ...form.key, secret: 'wrong' }
    for (const reply of [
      await feed.get(form),
      await feed.get(form, '/Submissions/$count'),
      await feed.get(form, '/Submissions', { $filter: 'x' }),
      await feed.get(form, '/Nothing'),
      await feed.get(form, '', {}, wrong),
    ]) {
      expect(reply.headers['odata-version']).toBe('4.0')
    }
  })

  it('asks a program without a key for Basic', async () => {
    const reply = await feed.api.call('GET', `/forms/${form.formId}/odata/$metadata`)
    expect(reply.statusCode).toBe(401)
    expect(reply.headers['www-authenticate']).toMatch(/^Basic /)
  })

  it('has as much metadata as the reader wants', async () => {
    const with_ = (level: string) =>
      body('/Submissions_fields', {}, { accept: `application/json;odata.metadata=${level}` })
    expect(Object.keys(await with_('none'))).toEqual(['value'])
    const { value } = await with_('full')
    expect(value[0]).toMatchObject({
      '@odata.type': '#Formgate.Submission_fields',
      '@odata.id': `${root()}/Submissions_fields('${id}.1')`,
      'submission@odata.navigationLink': `${root()}/Submissions_fields('${id}.1')/submission`,
      'submissionId@odata.type': '#Guid',
    })
    const reply = await feed.get(form, '/Submissions', { $format: 'application/json;odata.metadata=none' })
    expect(reply.headers['content-type']).toBe('application/json;odata.metadata=none;charset=utf-8')
  })

  it('names addresses as browsers find the server', async () => {
    const behind = await openApi({ publicUrl: new URL('https://forms.example.org/') })
    const own = await behind.addForm()
    const service = ok(await behind.call('GET', `/forms/${own.formId}/odata`, { as: own.key }))
    await behind.close()
    expect(service['@odata.context']).toBe(`https://forms.example.org/app/api/v1/forms/${own.formId}/odata/$metadata`)
  })

  it('gives the metadata again only when it has changed', async () => {
    const own = await feed.addForm(field('textfield', 'a'))
    const { etag } = (await feed.get(own, '/$metadata')).headers
    const again = () => feed.get(own, '/$metadata', {}, own.key, { 'if-none-match': String(etag) })
    expect((await again()).statusCode).toBe(304)
    await feed.addVersion(own, field('textfield', 'b'))
    expect((await again()).statusCode).toBe(200)
  })

  it('says which preference it heeds, beside that of the limit', async () => {
    const reply = await feed.get(form, '/Submissions', {}, form.key, {
      prefer: 'ratelimit=draft-10, odata.maxpagesize=1',
    })
    expect(reply.headers['preference-applied']).toBe('ratelimit=draft-10, odata.maxpagesize=1')
  })
})
