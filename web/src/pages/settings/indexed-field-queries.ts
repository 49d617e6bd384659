import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'

export type IndexedField = components['schemas']['IndexedFields']['fields'][number]

/** How often it is looked how far an index is. */
const lookEveryMs = 2000

export const indexedFieldsQuery = (formId: string) =>
  queryOptions({
    queryKey: ['form', formId, 'indexed-fields'],
    queryFn: () => answer(api.GET('/app/api/v1/forms/{formId}/indexedFields', { params: { path: { formId } } })),
    refetchInterval: ({ state: { data } }) =>
      data?.fields.some(({ state }) => state === 'building') ? lookEveryMs : false,
  })

/** Makes these all the indexed fields of a form. */
export function useSetIndexedFields(formId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (fields: string[]) =>
      answer(api.PUT('/app/api/v1/forms/{formId}/indexedFields', { params: { path: { formId } }, body: { fields } })),
    onSuccess: (changed) => queries.setQueryData(indexedFieldsQuery(formId).queryKey, changed),
  })
}
