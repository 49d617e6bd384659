import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { addressOf, type ListAddress, listStateIn } from '../pages/forms/form-list.ts'
import { Loading } from '../ui/loading.tsx'
import { NotFound, PageFailed } from './not-found.tsx'
import { sessionQuery } from './session.tsx'
import { Shell } from './shell.tsx'

type Context = { queryClient: QueryClient }

const rootRoute = createRootRouteWithContext<Context>()({ component: Shell, notFoundComponent: NotFound })

/** Pages for whoever is signed in; others are led to sign in and back again. */
const signedIn = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const person = await context.queryClient.ensureQueryData(sessionQuery)
    if (!person) throw redirect({ to: '/app/sign-in', search: { to: location.href } })
  },
})

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** `?f=` is the form's ID, as in CHEFS. */
const formSearch = (search: Record<string, unknown>) => ({ f: text(search.f) ?? '' })

const formLayout = createRoute({
  getParentRoute: () => signedIn,
  id: 'form',
  validateSearch: formSearch,
  component: lazyRouteComponent(() => import('./form-layout.tsx'), 'FormLayout'),
})

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/app',
  validateSearch: (search: Record<string, unknown>): ListAddress => addressOf(listStateIn(search)),
  component: lazyRouteComponent(() => import('../pages/forms/forms-page.tsx'), 'FormsPage'),
})
const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/app/account',
  component: lazyRouteComponent(() => import('../pages/account/account-page.tsx'), 'AccountPage'),
})
const people = createRoute({
  getParentRoute: () => signedIn,
  path: '/app/people',
  component: lazyRouteComponent(() => import('../pages/people/people-page.tsx'), 'PeoplePage'),
})
const design = createRoute({
  getParentRoute: () => formLayout,
  path: '/app/form/design',
  component: lazyRouteComponent(() => import('../pages/design/design-page.tsx'), 'DesignPage'),
})
const preview = createRoute({
  getParentRoute: () => formLayout,
  path: '/app/form/preview',
  validateSearch: (search: Record<string, unknown>): { f: string; v?: string } => {
    const v = text(search.v)
    return { ...formSearch(search), ...(v ? { v } : {}) }
  },
  component: lazyRouteComponent(() => import('../pages/design/preview-page.tsx'), 'PreviewPage'),
})
const submissions = createRoute({
  getParentRoute: () => formLayout,
  path: '/app/form/submissions',
  // The table's page, sorting and filters stand in the address: it can be shared, and Back leads back to it.
  validateSearch: (search: Record<string, unknown>): { f: string; [member: string]: unknown } => ({
    ...search,
    ...formSearch(search),
  }),
  component: lazyRouteComponent(() => import('../pages/submissions/submissions-page.tsx'), 'SubmissionsPage'),
})
const view = createRoute({
  getParentRoute: () => formLayout,
  path: '/app/form/view',
  validateSearch: (search: Record<string, unknown>) => ({ ...formSearch(search), s: text(search.s) ?? '' }),
  component: lazyRouteComponent(() => import('../pages/submissions/submission-page.tsx'), 'SubmissionPage'),
})
const exporting = createRoute({
  getParentRoute: () => formLayout,
  path: '/app/form/export',
  validateSearch: (search: Record<string, unknown>): { f: string; test?: boolean } => ({
    ...formSearch(search),
    ...(search.test === true ? { test: true } : {}),
  }),
  component: lazyRouteComponent(() => import('../pages/export/export-page.tsx'), 'ExportPage'),
})
const share = createRoute({
  getParentRoute: () => formLayout,
  path: '/app/form/share',
  component: lazyRouteComponent(() => import('../pages/share/share-page.tsx'), 'SharePage'),
})
export const settingsSections = ['general', 'access', 'team', 'api-key', 'data', 'danger'] as const
export type SettingsSection = (typeof settingsSections)[number]
const manage = createRoute({
  getParentRoute: () => formLayout,
  path: '/app/form/manage',
  validateSearch: (search: Record<string, unknown>): { f: string; section?: SettingsSection } => {
    const section = settingsSections.find((each) => each === search.section)
    return { ...formSearch(search), ...(section ? { section } : {}) }
  },
  component: lazyRouteComponent(() => import('../pages/settings/settings-page.tsx'), 'SettingsPage'),
})

/** `to` is where to go afterwards; `problem` the code of what went wrong at another sign-in service. */
const signInSearch = (search: Record<string, unknown>): { to?: string; problem?: string } => {
  const to = text(search.to)
  const problem = text(search.problem)
  return { ...(to ? { to } : {}), ...(problem ? { problem } : {}) }
}
const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/app/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('../pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
})
const signUp = createRoute({
  getParentRoute: () => rootRoute,
  path: '/app/sign-up',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('../pages/sign-in/sign-up-page.tsx'), 'SignUpPage'),
})
const setUp = createRoute({
  getParentRoute: () => rootRoute,
  path: '/app/set-up',
  component: lazyRouteComponent(() => import('../pages/sign-in/set-up-page.tsx'), 'SetUpPage'),
})
/** Where a window ends that was opened to sign in again. */
const signedInAgain = createRoute({
  getParentRoute: () => rootRoute,
  path: '/app/signed-in',
  component: lazyRouteComponent(() => import('../pages/sign-in/signed-in-page.tsx'), 'SignedInPage'),
})
const acceptInvitation = createRoute({
  getParentRoute: () => rootRoute,
  path: '/app/accept-invitation',
  component: lazyRouteComponent(() => import('../pages/sign-in/accept-invitation-page.tsx'), 'AcceptInvitationPage'),
})
const apiSpecification = createRoute({
  getParentRoute: () => rootRoute,
  path: '/app/api-specification',
  // The form whose settings led here.
  validateSearch: (search: Record<string, unknown>): { f?: string } => {
    const f = text(search.f)
    return f ? { f } : {}
  },
  component: lazyRouteComponent(() => import('../pages/api/api-page.tsx'), 'ApiPage'),
})
const operatorPage = createRoute({
  getParentRoute: () => rootRoute,
  path: '/app/pages/$name',
  component: lazyRouteComponent(() => import('../pages/operator/operator-page.tsx'), 'OperatorPage'),
})

const form = formLayout.addChildren([design, preview, submissions, view, exporting, share, manage])
const routeTree = rootRoute.addChildren([
  signedIn.addChildren([home, account, people, form]),
  signIn,
  signUp,
  setUp,
  signedInAgain,
  acceptInvitation,
  apiSpecification,
  operatorPage,
])

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
