import { type Api, type As, ok, type TestForm } from './harness.ts'

export type Query = Record<string, string | string[]>
export type Item = { submissionId: string; createdAt: string } & Record<string, unknown>
export type Page = { results: Item[]; total: number }
type More = { as?: As; target?: TestForm; below?: string }

/**
 * Ways to read the lists of a form's submissions.
 * @param context asked at each call, for it is made before the tests run
 */
export function readersOf(context: () => { api: Api; form: TestForm }) {
  const call = (above: string, query: Query = {}, { as, target = context().form, below = '' }: More = {}) =>
    context().api.call('GET', `/forms/${target.formId}${above}/submissions${below}`, { as: as ?? target.key, query })
  const list = async (query: Query = {}): Promise<Item[]> => ok(await call('', query))
  const page = async (query: Query = {}): Promise<Page> => ok(await call('', { paginationEnabled: 'true', ...query }))
  return { call, list, page }
}
