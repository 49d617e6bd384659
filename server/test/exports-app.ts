import { parse } from 'csv-parse/sync'
import { type Api, ok, openApi, type TestForm } from './harness.ts'

export type Query = Record<string, string | string[]>
/** A row of the JSON export. */
export type Exported = { form: Record<string, unknown>; [key: string]: unknown }
/** What tests of exports do all the time, on an app of their own. */
export type Exports = Awaited<ReturnType<typeof openExports>>

export const textField = (key: string) => ({ type: 'textfield', key, label: key, input: true })
export const answersOf = (header: string[] = []) => header.filter((name) => !name.startsWith('form.'))

export async function openExports() {
  const api = await openApi()
  const exported = (form: TestForm, query: Query = {}) =>
    api.call('GET', `/forms/${form.formId}/export`, { as: form.key, query })

  /** Header and records as an independent reader sees them. */
  async function csv(form: TestForm, query: Query = {}): Promise<string[][]> {
    const response = await exported(form, query)
    if (response.statusCode !== 200) throw new Error(response.body)
    return parse(response.body, { record_delimiter: '\r\n' })
  }

  return {
    api,
    exported,
    csv,
    json: async (form: TestForm, query: Query = {}): Promise<Exported[]> =>
      ok(await exported(form, { format: 'json', ...query })),
    /** Records as objects by the header. */
    records: async (form: TestForm, query: Query = {}): Promise<Record<string, string>[]> => {
      const [header = [], ...rows] = await csv(form, query)
      return rows.map((row) => Object.fromEntries(header.map((name, place) => [name, row[place] ?? ''])))
    },
    addForm: (...components: object[]) => api.addForm({ schema: schemaOf(components) }),
    addVersion: (form: TestForm, ...components: object[]) => addVersion(api, form, schemaOf(components)),
  }
}

export const schemaOf = (components: object[]) => ({ display: 'form', components })

/** Publishes another version, and gives the form as its submissions then go. */
export async function addVersion(api: Api, form: TestForm, schema: object): Promise<TestForm> {
  const drafts = `/forms/${form.formId}/drafts`
  const draft = ok(await api.call('POST', drafts, { as: api.owner, body: { schema } }))
  const version = ok(await api.call('POST', `${drafts}/${draft.id}/publish`, { as: api.owner }))
  return { ...form, versionId: version.id }
}
