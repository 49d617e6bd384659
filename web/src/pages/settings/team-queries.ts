import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import type { Role } from './team-roles.ts'

export type TeamMember = components['schemas']['TeamMember']
export type FoundPerson = components['schemas']['FoundPerson']

export const teamQuery = (formId: string) =>
  queryOptions({
    queryKey: ['form', formId, 'team'],
    queryFn: () => answer(api.GET('/app/api/v1/rbac/forms', { params: { query: { formId } } })),
  })

export const formInvitationsQuery = (formId: string) =>
  queryOptions({
    queryKey: ['form', formId, 'invitations'],
    queryFn: () => answer(api.GET('/app/api/v1/forms/{formId}/invitations', { params: { path: { formId } } })),
  })

/** The fewest letters that people are looked for by; as in the API. */
export const searchMinLength = 3

export const foundPeopleQuery = (search: string) =>
  queryOptions({
    queryKey: ['people', 'found', search],
    queryFn: () => answer(api.GET('/app/api/v1/users', { params: { query: { search } } })),
    enabled: search.length >= searchMinLength,
  })

type WantedRoles = { userId: string; roles: readonly string[] }

/** Makes the roles of one person exactly these; none: out of the team. */
export function useSetRoles(formId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ userId, roles }: WantedRoles) =>
      answer(
        api.PUT('/app/api/v1/rbac/forms', {
          params: { query: { formId, userId } },
          // They come from the list of roles or from the server; it refuses others.
          body: roles.map((role) => ({ role: role as Role })),
        }),
      ),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['form', formId, 'team'] }),
        // One's own rights may be among what was changed.
        queries.invalidateQueries({ queryKey: ['form', formId, 'permissions'] }),
      ]),
  })
}
