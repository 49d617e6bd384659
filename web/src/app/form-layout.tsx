import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../ui/copy-button.tsx'
import { Failure } from '../ui/failure.tsx'
import { Loading } from '../ui/loading.tsx'
import { formQuery, permissionsQuery, useFormId } from './form.ts'
import { stateOf } from './form-state.ts'
import { StateBadge } from './state-badge.tsx'

/** What all pages of one form have in common: its name, its state, its ID and the tabs. */
export function FormLayout() {
  const formId = useFormId()
  const { t } = useTranslation()
  const form = useQuery(formQuery(formId))
  const permissions = useQuery(permissionsQuery(formId))
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
          <StateBadge state={stateOf(form.data)} />
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

function Tabs({ formId, may }: { formId: string; may: Set<string> }) {
  const { t } = useTranslation()
  const nav = useRef<HTMLElement>(null)
  const path = useLocation({ select: ({ pathname }) => pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page has another tab.
  useEffect(() => {
    // On a phone the last tabs lie beyond the edge.
    nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [path])
  return (
    <nav ref={nav} className="form-tabs" aria-label={t('formNavigation')}>
      {tabs
        .filter(({ needs }) => may.has(needs))
        .map(({ to, text }) => (
          <Link key={to} to={to} search={{ f: formId }} activeOptions={{ includeSearch: false }}>
            {t(text)}
          </Link>
        ))}
    </nav>
  )
}
