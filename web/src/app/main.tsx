import '@fontsource-variable/public-sans'
import '../theme/app.scss'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiProblem } from '../api/problem.ts'
import { startTranslations } from '../i18n/i18n.ts'
import { followScheme } from '../theme/color-scheme.ts'
import { Notices } from '../ui/notices.tsx'
import { createAppRouter } from './router.tsx'
import { SignInAgain } from './sign-in-again.tsx'

followScheme()
await startTranslations()

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server refused it refuses again; only silence and its own mistakes are worth a second try.
      retry: (count, error) =>
        count < 2 && error instanceof ApiProblem && (error.problem.status === 0 || error.problem.status >= 500),
    },
  },
})
const router = createAppRouter(queryClient)
const root = document.querySelector('#root')
if (!root) throw new Error('The page has no root.')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Suspense>
        <Notices>
          <RouterProvider router={router} />
          <SignInAgain />
        </Notices>
      </Suspense>
    </QueryClientProvider>
  </StrictMode>,
)
