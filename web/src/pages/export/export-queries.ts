import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { templates } from '../../../../server/src/exports/templates.ts'
import { answer, api } from '../../api/client.ts'
import { moreThanIn } from '../submissions/submission-queries.ts'
import {
  type ExportChoice,
  type ExportFilters,
  extraFields,
  filterParameters,
  instants,
  layoutOf,
} from './export-choice.ts'

/** How many submissions the export will have: the list's count of the same ones; null where it was not counted to the end. */
export const countQuery = (formId: string, filters: ExportFilters) =>
  queryOptions({
    queryKey: ['submissions', formId, 'count', filters],
    queryFn: async () => {
      const { version, status, date, deleted, drafts, test } = filters
      const { first, last } = instants(filters)
      const query = {
        paginationEnabled: 'true',
        itemsPerPage: 0,
        ...(deleted ? {} : { deleted: false }),
        ...(drafts ? {} : { draft: false }),
        ...(test ? { test } : {}),
        ...(version === undefined ? {} : { version }),
        ...(status === undefined ? {} : { status }),
        ...(first || last ? { [`${date}At`]: [first ?? '1970-01-01', last ?? '9999-12-31'] } : {}),
      }
      const reply = await api.GET('/app/api/v1/forms/{formId}/submissions', { params: { path: { formId }, query } })
      const list = await answer(Promise.resolve(reply))
      if (moreThanIn(reply.response.headers.get('total-bounds')) !== undefined) return null
      return 'total' in list ? list.total : list.length
    },
    placeholderData: keepPreviousData,
  })

/** The columns that these filters and this layout give: their names, and what they hold in the words of the form. */
export const columnsQuery = (formId: string, choice: ExportChoice) => {
  const template = layoutOf(choice)
  const parameters = [
    ...(template === templates[0] ? [] : [['template', template] as [string, string]]),
    ...filterParameters(choice),
  ]
  return queryOptions({
    queryKey: ['submissions', formId, 'export-columns', parameters],
    queryFn: async () => {
      const columns = extraFields.map((name) => name.slice('form.'.length)).join(',')
      const headers = (['key', 'label'] as const).map((header) => {
        const query = { ...Object.fromEntries(parameters), columns, header }
        return answer(api.GET('/app/api/v1/forms/{formId}/csvexport/fields', { params: { path: { formId }, query } }))
      })
      const [names = [], labels = []] = await Promise.all(headers)
      return names.map((name, place) => ({ name, label: labels[place] ?? name }))
    },
    placeholderData: keepPreviousData,
  })
}
