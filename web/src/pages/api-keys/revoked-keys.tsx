import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button, Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormId } from '../../app/form.ts'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { KeyBadges } from './key-badges.tsx'
import { KeyRights } from './key-rights.tsx'
import { type NamedKey, revokedKeysQuery } from './named-key-queries.ts'

/** Keys that were shut out for good: who did so, when and why. */
export function RevokedKeys({ onUsage }: { onUsage(named: NamedKey): void }) {
  const { t } = useTranslation('named-keys')
  const formId = useFormId()
  const [shown, setShown] = useState(false)
  const keys = useQuery({ ...revokedKeysQuery(formId), enabled: shown })
  return (
    <>
      <Form.Check
        type="switch"
        id="revoked-keys"
        className="revoked-switch"
        label={t('showRevoked')}
        checked={shown}
        onChange={({ target }) => setShown(target.checked)}
      />
      <div aria-live="polite">
        {shown && keys.isPending && <Loading rows={2} />}
        {shown && keys.error && <Failure error={keys.error} what={t('notLoaded')} retry={() => void keys.refetch()} />}
        {shown && keys.data?.length === 0 && <p className="mb-0">{t('noRevoked')}</p>}
      </div>
      {shown && keys.data && keys.data.length > 0 && (
        <ul className="key-list" aria-label={t('revokedList')}>
          {keys.data.map((named) => (
            <RevokedKey key={named.id} named={named} onUsage={() => onUsage(named)} />
          ))}
        </ul>
      )}
    </>
  )
}

function RevokedKey({ named, onUsage }: { named: NamedKey; onUsage(): void }) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  const { id, name, revokedAt, revokedBy, revokedByName, revokedReason } = named
  return (
    <li className="key-card" aria-labelledby={`key-${id}-name`}>
      <div className="key-card-head">
        <h3 id={`key-${id}-name`}>{name}</h3>
        <KeyBadges state={named.state} test={named.test} />
      </div>
      {revokedAt && (
        <p className="mb-2">
          {t('revokedBy', { time: format.dateTime(revokedAt), person: revokedByName ?? revokedBy })}
        </p>
      )}
      <dl className="key-facts">
        <dt>{t('reason')}</dt>
        <dd>{revokedReason ?? t('noReason')}</dd>
        <dt>{t('mayThen')}</dt>
        <dd>
          <KeyRights scopes={named.scopes} />
        </dd>
      </dl>
      <div className="key-buttons">
        <Button size="sm" variant="outline-secondary" aria-label={t('usageOf', { name })} onClick={onUsage}>
          {t('usage')}
        </Button>
      </div>
    </li>
  )
}
