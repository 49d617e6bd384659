import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { announceSignIn } from '../../app/other-window.ts'
import { Page } from '../../ui/page.tsx'

/** Tells the window that waits for it, and closes itself where the browser allows that. */
export function SignedInPage() {
  const { t } = useTranslation('sign-in')
  useEffect(() => {
    announceSignIn()
    window.close()
  }, [])
  return (
    <Page title={t('signedInTitle')} width="text">
      <p>{t('signedInText')}</p>
    </Page>
  )
}
