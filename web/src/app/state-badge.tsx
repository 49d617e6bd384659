import { Badge } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import type { FormState } from './form-state.ts'

export function StateBadge({ state }: { state: FormState }) {
  const { t } = useTranslation()
  if (state.kind === 'published') return <Badge bg="primary">{t('statePublished', { version: state.version })}</Badge>
  const texts = { draft: t('stateDraft'), notYet: t('stateNotYet'), closed: t('stateClosed') }
  return <Badge bg="secondary">{texts[state.kind]}</Badge>
}
