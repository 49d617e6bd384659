import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'

export function FormsPage() {
  const { t } = useTranslation('forms')
  return (
    <Page title={t('title')}>
      <p />
    </Page>
  )
}
