import { Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Failure } from '../ui/failure.tsx'
import { Page } from '../ui/page.tsx'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <Page title={t('notFoundTitle')} width="text">
      <p>{t('notFoundText')}</p>
      <p>
        <Link to="/app">{t('myForms')}</Link>
      </p>
    </Page>
  )
}

/** What is shown when a page breaks, or its code cannot be loaded. */
export function PageFailed({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const router = useRouter()
  return (
    <Page title={t('pageFailedTitle')} width="text">
      <Failure error={error} retry={() => void router.invalidate()} />
    </Page>
  )
}
