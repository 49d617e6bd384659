import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { answer, api } from '../api/client.ts'
import type { components } from '../api/schema.d.ts'

export type Form = components['schemas']['Form']

/** The form of the page's `?f=`. */
export const formQuery = (formId: string) =>
  queryOptions({
    queryKey: ['form', formId],
    queryFn: () => answer(api.GET('/app/api/v1/forms/{formId}', { params: { path: { formId } } })),
  })

/** The form as it stands in the list of the signed-in person's own: with its state and their roles; null for strangers. */
export const listedFormQuery = (formId: string) =>
  queryOptions({
    queryKey: ['form', formId, 'listed'],
    queryFn: async () => {
      const forms = await answer(api.GET('/app/api/v1/rbac/current/forms', { params: { query: { formId } } }))
      return forms.find((form) => form.formId === formId) ?? null
    },
  })

/** What the signed-in person may do with a form, as permission codes. */
export const permissionsQuery = (formId: string) =>
  queryOptions({ ...listedFormQuery(formId), select: (form) => new Set<string>(form?.permissions ?? []) })

const formRoute = getRouteApi('/signed-in/form')

/** The form's ID, from the address. */
export function useFormId(): string {
  return formRoute.useSearch().f
}

/** The form whose pages these are; `FormLayout` renders none of them before it is there. */
export function useForm(): Form {
  const { data } = useQuery(formQuery(useFormId()))
  if (!data) throw new Error('A page of a form was rendered without it.')
  return data
}

/** Whether the signed-in person has a permission on this form. Hides what would be refused; the server decides. */
export function useMay(): (permission: string) => boolean {
  const { data } = useQuery(permissionsQuery(useFormId()))
  return (permission) => data?.has(permission) ?? false
}
