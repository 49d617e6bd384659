import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { templates } from '../../../../server/src/exports/templates.ts'
import { answer, api } from '../../api/client.ts'
import { moreThanIn } from '../submissions/submission-queries.ts'
import { type ExportChoice, extraFields, filterParameters, instants, layoutOf } from './export-choice.ts'

type Filters = Pick<ExportChoice, 'version' | 'from' | 'to' | 'deleted' | 'drafts' | 'test'>

/** How many submissions the export will have: the list's count of the same ones; null where it was not counted to the end. */
export const countQuery = (formId: string, filters: Filters) =>
  queryOptions({
    queryKey: ['submissions', formId, 'count', filters],
    queryFn: async () => {
      const { version, deleted, drafts, test } = filters
      const { minDate, maxDate } = instants(filters)
      const query = {
        paginationEnabled: 'true',
        itemsPerPage: 0,
        ...(deleted ? {} : { deleted: false }),
        ...(drafts ? {} : { draft: false }),
        ...(test ? { test } : {}),
        ...(version === undefined ? {} : { version }),
        ...(minDate || maxDate ? { createdAt: [minDate ?? '1970-01-01', maxDate ?? '9999-12-31'] } : {}),
      }
      const reply = await api.GET('/app/api/v1/forms/{formId}/submissions', { params: { path: { formId }, query } })
      const list = await answer(Promise.resolve(reply))
      if (moreThanIn(reply.response.headers.get('total-bounds')) !== undefined) return null
      return 'total' in list ? list.total : list.length
    },
    placeholderData: keepPreviousData,
  })

/** The header names that these filters and this layout give. */
export const fieldsQuery = (formId: string, choice: ExportChoice) => {
  const template = layoutOf(choice)
  const parameters = [
    ...(template === templates[0] ? [] : [['template', template] as [string, string]]),
    ...filterParameters(choice),
  ]
  return queryOptions({
    queryKey: ['submissions', formId, 'export-fields', parameters],
    queryFn: () => {
      const query = {
        ...Object.fromEntries(parameters),
        columns: extraFields.map((name) => name.slice('form.'.length)).join(','),
      }
      return answer(api.GET('/app/api/v1/forms/{formId}/csvexport/fields', { params: { path: { formId }, query } }))
    },
    placeholderData: keepPreviousData,
  })
}
