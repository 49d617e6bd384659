import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../ui/copy-button.tsx'
import { Failure } from '../ui/failure.tsx'
import { Loading } from '../ui/loading.tsx'
import { formQuery, listedFormQuery, permissionsQuery, useFormId } from './form.ts'
import { formState } from './form-state.ts'
import { StateBadge } from './state-badge.tsx'

/** What all pages of one form have in common: its name, its state, its ID and the tabs. */
export function FormLayout() {
  const formId = useFormId()
  const { t } = useTranslation()
  const form = useQuery(formQuery(formId))
  const permissions = useQuery(permissionsQuery(formId))
  const listed = useQuery(listedFormQuery(formId))
  if (form.isPending || permissions.isPending) return <Loading />
  const failed = form.error ?? permissions.error
  if (failed || !form.data || !permissions.data) {
    return <Failure error={failed} what={t('formNotLoaded')} retry={() => void form.refetch()} />
  }
  return (
    <>
      <div className="form-head">
        <p className="form-name">
          <Link to="/app">{t('myForms')}</Link> <span aria-hidden="true">/</span> <strong>{form.data.name}</strong>{' '}
          {listed.data && <StateBadge state={formState(listed.data)} />}
        </p>
        <p className="form-id">
          <span className="text-body-secondary">{t('formId')}</span> <code>{formId}</code>{' '}
          <CopyButton text={formId} what={t('formId')} size="sm" />
        </p>
      </div>
      <Tabs formId={formId} may={permissions.data} />
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    </>
  )
}

/** A tab is there for whoever may use it. */
const tabs = [
  { to: '/app/form/design', text: 'tabDesign', needs: 'design_read' },
  { to: '/app/form/submissions', text: 'tabSubmissions', needs: 'submission_read' },
  { to: '/app/form/export', text: 'tabExport', needs: 'submission_read' },
  { to: '/app/form/share', text: 'tabShare', needs: 'form_read' },
  { to: '/app/form/manage', text: 'tabSettings', needs: 'form_read' },
] as const

/** Pages without a tab of their own, and the tab that they belong to. */
const within: Record<string, string> = {
  '/app/form/view': '/app/form/submissions',
  '/app/form/preview': '/app/form/design',
}

/** Scrolls the frame sideways alone: what the page has scrolled to stays. */
function showWhole(frame: HTMLElement | null, part: Element | null | undefined): void {
  if (!frame || !part) return
  const { left, width } = part.getBoundingClientRect()
  frame.scrollLeft += left - frame.getBoundingClientRect().left - (frame.clientWidth - width) / 2
}

function Tabs({ formId, may }: { formId: string; may: Set<string> }) {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const nav = useRef<HTMLElement>(null)
  // On a phone the tabs scroll: whoever opens a page sees its tab.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page has another tab.
  useEffect(() => showWhole(nav.current, nav.current?.querySelector('.active')), [pathname])
  return (
    <nav ref={nav} className="form-tabs" aria-label={t('formNavigation')}>
      {tabs
        .filter(({ needs }) => may.has(needs))
        .map(({ to, text }) => (
          <Link
            key={to}
            to={to}
            search={{ f: formId }}
            activeOptions={{ includeSearch: false }}
            // One submission is a page of the submissions.
            {...(within[pathname] === to ? { className: 'active', 'aria-current': true } : {})}
          >
            {t(text)}
          </Link>
        ))}
    </nav>
  )
}
