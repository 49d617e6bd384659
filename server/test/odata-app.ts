import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Exports, openExports, textField } from './exports-app.ts'
import { type As, ok, type TestForm } from './harness.ts'

export type Entity = Record<string, unknown>
export type Feed = Awaited<ReturnType<typeof openFeed>>

export const field = (type: string, key: string, more: object = {}) => ({ type, key, label: key, input: true, ...more })
export const grid = (key: string, ...components: object[]) => field('datagrid', key, { components })

/** A field of each type, a container, a grid, and a grid in it. */
export const farmFields = [
  textField('name'),
  field('number', 'acres'),
  field('checkbox', 'organic'),
  field('datetime', 'since'),
  field('selectboxes', 'sells', {
    values: [
      { value: 'eggs', label: 'Eggs' },
      { value: 'milk', label: 'Milk' },
    ],
  }),
  field('select', 'colours', { multiple: true }),
  field('container', 'owner', { components: [textField('name')] }),
  grid('fields', textField('crop'), field('number', 'size'), grid('harvests', field('number', 'year'))),
]

export async function openFeed(exports?: Exports) {
  const own = exports ?? (await openExports())
  const { api } = own
  const get = (form: TestForm, path = '', query: Record<string, string> = {}, as: As = form.key, headers = {}) =>
    api.call('GET', `/forms/${form.formId}/odata${path}`, { as, query, headers })

  /** Stores answers as they are, which nobody has checked. @returns the submission's id */
  async function store(form: TestForm, answers: object, createdAt = new Date()): Promise<string> {
    const id = randomUUID()
    await sql`insert into submission (id, form_id, form_version_id, status, submission, created_by, created_at, submitted_at)
      values (${id}, ${form.formId}, ${form.versionId}, 'SUBMITTED', ${JSON.stringify({ data: answers })}::jsonb, 'test',
        ${createdAt}, ${createdAt})`.execute(api.database.db)
    return id
  }

  return {
    ...own,
    get,
    store,
    /** The entities of a page. */
    values: async (form: TestForm, path = '/Submissions', query: Record<string, string> = {}): Promise<Entity[]> =>
      ok(await get(form, path, query)).value,
    /** The entities of all pages, each page by the link of the one before. */
    all: async (form: TestForm, path = '/Submissions', query: Record<string, string> = {}, headers = {}) => {
      const pages: Entity[][] = []
      let body = ok(await get(form, path, query, form.key, headers))
      pages.push(body.value)
      while (body['@odata.nextLink']) {
        const { pathname, search } = new URL(body['@odata.nextLink'])
        body = ok(await api.call('GET', pathname + search, { as: form.key }))
        pages.push(body.value)
      }
      return pages
    },
  }
}
