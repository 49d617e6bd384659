import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../app/form.ts'
import { useFormat } from '../../i18n/format.ts'
import { KeyBadges } from './key-badges.tsx'
import type { KeyAct } from './key-list.tsx'
import { KeyRights } from './key-rights.tsx'
import { KeySecret } from './key-secret.tsx'
import { KeyActivity } from './last-used.tsx'
import type { NamedKey } from './named-key-queries.ts'
import { RotationPanel } from './rotation-panel.tsx'
import { useSwitching } from './use-switching.ts'

type KeyCardProps = { named: NamedKey; onAct(kind: KeyAct['kind']): void }

/** One key: what it is for, how it stands, and what can be done with it. */
export function KeyCard({ named, onAct }: KeyCardProps) {
  const may = useMay()
  const { id, name } = named
  return (
    <li className="key-card" aria-labelledby={`key-${id}-name`}>
      <div className="key-card-head">
        <h3 id={`key-${id}-name`} tabIndex={-1}>
          {name}
        </h3>
        <KeyBadges state={named.state} test={named.test} />
      </div>
      <p className="key-activity">
        <KeyActivity lastUsed={named.lastUsed} callsToday={named.callsToday} />
      </p>
      <KeyFacts named={named} />
      <RotationPanel named={named} mayEnd={may('form_api_update')} onEnd={() => onAct('endOverlap')} />
      <Acts named={named} onAct={onAct} />
    </li>
  )
}

function KeyFacts({ named }: { named: NamedKey }) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  const { expiresAt, allowedAddresses } = named
  return (
    <>
      <dl className="key-facts">
        <dt>{t('secret')}</dt>
        <dd>
          <KeySecret named={named} />
        </dd>
        <dt>{t('may')}</dt>
        <dd>
          <KeyRights scopes={named.scopes} />
        </dd>
      </dl>
      <dl className="key-facts key-facts-row">
        <div>
          <dt>{t('expires')}</dt>
          <dd>{expiresAt ? <time dateTime={expiresAt}>{format.dateTime(expiresAt)}</time> : t('never')}</dd>
        </div>
        <div>
          <dt>{t('from')}</dt>
          <dd>{allowedAddresses ? <code>{allowedAddresses.join(', ')}</code> : t('everywhere')}</dd>
        </div>
        <div>
          <dt>{t('limit')}</dt>
          <dd>
            <KeyLimit named={named} />
          </dd>
        </div>
      </dl>
    </>
  )
}

function KeyLimit({ named: { ownLimit, rateLimit } }: { named: NamedKey }) {
  const { t } = useTranslation('named-keys')
  const { limit: count, windowSeconds: seconds } = rateLimit
  // A limit of its own that is above the form's changes nothing.
  const isOwn = ownLimit !== null && ownLimit <= count
  return seconds === 60
    ? t(isOwn ? 'ownPerMinute' : 'perMinute', { count })
    : t(isOwn ? 'ownInSeconds' : 'inSeconds', { count, seconds })
}

function Acts({ named, onAct }: KeyCardProps) {
  const { t } = useTranslation('named-keys')
  const may = useMay()
  const { turn, busy } = useSwitching()
  const { name, enabled } = named
  const act = (kind: Exclude<KeyAct['kind'], 'endOverlap'>, variant: string) => (
    <Button size="sm" variant={variant} aria-label={t(`${kind}Of`, { name })} onClick={() => onAct(kind)}>
      {t(kind)}
    </Button>
  )
  return (
    <div className="key-buttons">
      {act('usage', 'outline-secondary')}
      {may('form_api_update') && act('change', 'outline-secondary')}
      {may('form_api_create') && act('rotate', 'outline-secondary')}
      {may('form_api_update') && (
        <Button
          size="sm"
          variant="outline-secondary"
          // Not `disabled`: it would lose the focus while it works.
          aria-disabled={busy}
          aria-label={t(enabled ? 'disableOf' : 'enableOf', { name })}
          onClick={() => {
            if (!busy) turn(named, !enabled)
          }}
        >
          {enabled ? t('disable') : t('enable')}
        </Button>
      )}
      {may('form_api_delete') && act('revoke', 'outline-danger')}
    </div>
  )
}
