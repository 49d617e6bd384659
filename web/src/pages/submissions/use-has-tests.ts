import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import { useFormId, useMay } from '../../app/form.ts'
import { keysQuery } from '../api-keys/named-key-queries.ts'

/** Whether test submissions concern this form: it has a key that makes them, or some that such a key made. */
export function useHasTests(): boolean {
  const formId = useFormId()
  const may = useMay()
  const keys = useQuery({ ...keysQuery(formId), enabled: may('form_api_read') })
  const count = useQuery({
    queryKey: ['submissions', formId, 'count-of-tests'],
    queryFn: async () => {
      const query = { test: true, paginationEnabled: 'true', itemsPerPage: 0 }
      const list = await answer(
        api.GET('/app/api/v1/forms/{formId}/submissions', { params: { path: { formId }, query } }),
      )
      return 'total' in list ? list.total : list.length
    },
  })
  return (count.data ?? 0) > 0 || (keys.data?.some(({ test }) => test) ?? false)
}
