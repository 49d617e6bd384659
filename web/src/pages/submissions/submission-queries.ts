import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import { createdBetween, type TableState } from './table-state.ts'

export type ListedSubmission = components['schemas']['SubmissionListItem']

/** The definition of a version. It never changes once it is published. */
export const versionQuery = (formId: string, formVersionId: string | undefined) =>
  queryOptions({
    queryKey: ['form', formId, 'version', formVersionId],
    queryFn: () =>
      answer(
        api.GET('/app/api/v1/forms/{formId}/versions/{formVersionId}', {
          params: { path: { formId, formVersionId: formVersionId ?? '' } },
        }),
      ),
    enabled: formVersionId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** One page of the table. */
export const listQuery = (formId: string, state: TableState, fields: string[], sort: string | undefined) =>
  queryOptions({
    queryKey: ['submissions', formId, 'list', state, fields, sort],
    queryFn: async () => {
      const query = listParameters(state, fields, sort)
      const reply = await api.GET('/app/api/v1/forms/{formId}/submissions', { params: { path: { formId }, query } })
      const list = await answer(Promise.resolve(reply))
      const { results, total } = 'results' in list ? list : { results: list, total: list.length }
      return { results, total, moreThan: moreThanIn(reply.response.headers.get('total-bounds')) }
    },
    placeholderData: keepPreviousData,
  })

/** A list whose rows were not counted to the end says how many there are at the least; undefined where `total` is exact. */
export function moreThanIn(bounds: string | null): number | undefined {
  const [, atLeast] = /(?:^|,)\s*at-least=(\d+)/.exec(bounds ?? '') ?? []
  return atLeast === undefined ? undefined : Number(atLeast) - 1
}

function listParameters(state: TableState, fields: string[], sort: string | undefined) {
  const createdAt = createdBetween(state)
  return {
    paginationEnabled: 'true',
    page: state.page - 1,
    itemsPerPage: state.size,
    deleted: state.deleted,
    // What was sent back for revision is a draft too, and the team still wants to see it.
    ...(state.drafts ? {} : { filterformSubmissionStatusCode: true }),
    ...(state.test ? { test: true } : {}),
    ...(state.mine ? { filterAssignedToCurrentUser: true } : {}),
    ...(fields.length > 0 ? { fields: fields.join(',') } : {}),
    ...(sort
      ? { 'sortBy[column]': sort, 'sortBy[order]': state.descending ? ('desc' as const) : ('asc' as const) }
      : {}),
    ...(state.search ? { searchEnabled: true, search: state.search } : {}),
    ...(state.version === undefined ? {} : { version: state.version }),
    ...(createdAt ? { createdAt } : {}),
  }
}

/** One submission with its version's definition. */
export const submissionQuery = (submissionId: string) =>
  queryOptions({
    queryKey: ['submission', submissionId],
    queryFn: () =>
      answer(
        api.GET('/app/api/v1/submissions/{formSubmissionId}', {
          params: { path: { formSubmissionId: submissionId } },
        }),
      ),
  })

export type ReadSubmission = components['schemas']['SubmissionWithForm']

/** Newest first; empty for what was never submitted. */
export const historyQuery = (submissionId: string) =>
  queryOptions({
    queryKey: ['submission', submissionId, 'history'],
    queryFn: () =>
      answer(
        api.GET('/app/api/v1/submissions/{formSubmissionId}/history', {
          params: { path: { formSubmissionId: submissionId } },
        }),
      ),
  })

export type HistoryEntry = components['schemas']['SubmissionHistory']['entries'][number]

export const statusCodesQuery = (formId: string) =>
  queryOptions({
    queryKey: ['form', formId, 'status-codes'],
    queryFn: () => answer(api.GET('/app/api/v1/forms/{formId}/statusCodes', { params: { path: { formId } } })),
  })

/** The table as it was last shown: where a submission leads back to, and which stand before and after it. */
export type LastTable = { address: Record<string, unknown>; ids: string[] }
export const lastTableKey = (formId: string) => ['submissions', formId, 'last-table']
