import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import { formOf, openDesign } from '../design/opening.ts'
import type { AccessMode } from '../settings/access-mode.ts'
import type { Origin } from './origin.ts'

/** The forms on which the signed-in person has a role; deleted ones apart. */
export const formsQuery = (deleted: boolean) =>
  queryOptions({
    queryKey: ['forms', { deleted }],
    queryFn: () => answer(api.GET('/app/api/v1/rbac/current/forms', { params: { query: { active: !deleted } } })),
    // Other pages change forms too; what is known is shown until the answer is there.
    staleTime: 0,
  })

export type NewFormFields = { name: string; description: string; access: AccessMode }

/** Makes a form and gives its ID. */
export function useCreateForm(): (fields: NewFormFields, origin: Origin) => Promise<string> {
  const queries = useQueryClient()
  return useCallback(
    async (fields, origin) => {
      const body = await bodyOf(fields, origin)
      const { id } = await answer(api.POST('/app/api/v1/forms', { body }))
      await queries.invalidateQueries({ queryKey: ['forms'] })
      return id
    },
    [queries],
  )
}

async function bodyOf(fields: NewFormFields, origin: Origin): Promise<components['schemas']['NewForm']> {
  const { name, description, access } = fields
  const identityProviders = access === 'team' ? [] : [{ code: access }]
  const own = { name, description, identityProviders }
  if (origin.kind === 'nothing') return own
  if (origin.kind === 'file') return { ...own, schema: origin.definition }
  const [form, { definition, base }] = await Promise.all([formOf(origin.form.formId), openDesign(origin.form.formId)])
  // A schedule belongs to one round of a form: its copy would be closed from the start, or close by surprise.
  const { schedule: _, ...settings } = form
  return { ...settings, ...own, ...(base.kind === 'nothing' ? {} : { schema: definition }) }
}
