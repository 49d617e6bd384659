import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { answer, api } from '../api/client.ts'

/** Who is signed in, and by which ways; `null` for nobody. Asked once, and again after signing in or out. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => {
    const { user, hasPassword, followsProvider } = await answer(api.GET('/app/api/auth/get-session'))
    return user && { ...user, hasPassword, followsProvider }
  },
  // That it ended is told by the first call that is refused; a page must not lose its person before.
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
})

export type SignedInPerson = NonNullable<Awaited<ReturnType<NonNullable<typeof sessionQuery.queryFn>>>>

export function useSession() {
  return useQuery(sessionQuery).data ?? null
}

/** Which ways to sign in this server offers. */
export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: () => answer(api.GET('/app/api/auth/options')),
})

/** To call when somebody has signed in: nothing of one person may be left for the next. */
export async function arrive(queries: QueryClient): Promise<void> {
  forgetPerson(queries)
  await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
}

/** To call when nobody is signed in any more. */
export function leave(queries: QueryClient): void {
  forgetPerson(queries)
  // Set, not removed: whatever shows the person follows at once.
  queries.setQueryData(sessionQuery.queryKey, null)
}

function forgetPerson(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] })
}
