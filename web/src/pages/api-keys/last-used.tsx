import { Trans, useTranslation } from 'react-i18next'
import { RelativeTime } from '../../ui/relative-time.tsx'
import type { KeyUse } from './named-key-queries.ts'

/** A program may name itself at any length; this much tells it from others. */
const clientShownMax = 60

/** When, from where and with which program a secret was used last. */
export function LastUsed({ use }: { use: KeyUse }) {
  const { t } = useTranslation('named-keys')
  const { at, address, client } = use
  return (
    <Trans
      t={t}
      i18nKey={client ? 'lastUsedWith' : 'lastUsed'}
      // As parts and not as values: a program's name is a stranger's text, and must not be read as our tags.
      components={{
        time: <RelativeTime at={at} />,
        address: <Said text={address} />,
        client: <Said text={client ?? ''} />,
      }}
    />
  )
}

function Said({ text }: { text: string }) {
  const isLong = text.length > clientShownMax
  return (
    <bdi className="key-said" title={isLong ? text : undefined}>
      {isLong ? `${text.slice(0, clientShownMax)}…` : text}
    </bdi>
  )
}

type KeyActivityProps = { lastUsed: KeyUse | null; callsToday: number }

/** One quiet line: the last use of a key, and its calls today. */
export function KeyActivity({ lastUsed, callsToday }: KeyActivityProps) {
  const { t } = useTranslation('named-keys')
  if (lastUsed === null && callsToday === 0) return t('neverUsed')
  return (
    <>
      {lastUsed ? <LastUsed use={lastUsed} /> : t('secretNotUsed')}
      <span aria-hidden="true"> · </span>
      <span className="text-nowrap">{t('callsToday', { count: callsToday })}</span>
    </>
  )
}
