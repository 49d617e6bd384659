import { Button } from 'react-bootstrap'
import { Trans, useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { LastUsed } from './last-used.tsx'
import type { NamedKey } from './named-key-queries.ts'
import { isFormerUsed } from './rotation-state.ts'

type RotationPanelProps = { named: NamedKey; mayEnd: boolean; onEnd(): void }

/** While two secrets of a key work: which of them is still used, and until when the former one works. */
export function RotationPanel({ named, mayEnd, onEnd }: RotationPanelProps) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  const { previousSecret: former, hint, lastUsed } = named
  if (!former) return null
  const used = isFormerUsed(former)
  return (
    <section className="key-rotation" aria-label={t('rotationOf', { name: named.name })}>
      <p className="mb-2">
        <strong>{t('twoSecrets')}</strong>
      </p>
      <dl>
        <dt>
          <Trans t={t} i18nKey="newSecret" values={{ hint: hint ?? '' }} components={{ code: <code /> }} />
        </dt>
        <dd>{lastUsed ? <LastUsed use={lastUsed} /> : t('neverUsed')}</dd>
        <dt>
          <Trans t={t} i18nKey="oldSecret" values={{ hint: former.hint }} components={{ code: <code /> }} />
        </dt>
        <dd>
          <span title={format.fullTime(former.validUntil)}>
            {t('worksUntil', { time: format.dateTime(former.validUntil) })}
          </span>
          <span className="d-block">{used && former.lastUsed && <LastUsed use={former.lastUsed} />}</span>
          <strong className="d-block" role="status">
            {used ? t('doNotEnd') : t('notUsedSince')}
          </strong>
        </dd>
      </dl>
      {mayEnd && (
        <Button size="sm" variant={used ? 'outline-danger' : 'outline-primary'} onClick={onEnd}>
          {t('endNow')}
        </Button>
      )}
    </section>
  )
}
