import { Alert, Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../app/form.ts'
import { useFormat } from '../../i18n/format.ts'
import type { NamedKey } from './named-key-queries.ts'
import { useSwitching } from './use-switching.ts'

/** Why the form's own key does not work, where it does not: the panel would else look as if it did. */
export function KeyStops({ named }: { named: NamedKey }) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  const may = useMay()
  const { turn, busy } = useSwitching()
  if (named.state !== 'disabled' && named.state !== 'expired') return null
  return (
    <Alert variant="warning" className="d-flex flex-wrap gap-3 align-items-center">
      <span>
        {named.state === 'disabled'
          ? t('isDisabled')
          : t('isExpired', { time: named.expiresAt ? format.dateTime(named.expiresAt) : '' })}
      </span>
      {named.state === 'disabled' && may('form_api_update') && (
        <Button size="sm" variant="outline-primary" disabled={busy} onClick={() => turn(named, true)}>
          {t('enable')}
        </Button>
      )}
    </Alert>
  )
}
