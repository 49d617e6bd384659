import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { arrive } from '../../app/session.tsx'
import { isAppPath } from './return-path.ts'

/** Goes on to a path of ours after somebody has signed in. Replaces the page: its address may hold a link's token. */
export function useArrival() {
  const queries = useQueryClient()
  const router = useRouter()
  return async (path: string) => {
    if (!isAppPath(path)) return location.replace(path)
    await arrive(queries)
    router.history.replace(path)
  }
}
