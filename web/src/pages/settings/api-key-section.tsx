import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useForm, useMay } from '../../app/form.ts'
import { useSession } from '../../app/session.tsx'
import { localeFor } from '../../i18n/languages.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { MoreKeys } from '../api-keys/more-keys.tsx'
import { keysQuery } from '../api-keys/named-key-queries.ts'
import { ApiKeyPanel } from './api-key-panel.tsx'
import { holdersQuery, summaryQuery } from './api-key-queries.ts'
import { CallExamples } from './call-examples.tsx'
import { LimitPanel } from './limit-panel.tsx'
import { RaisedLimit } from './raised-limit.tsx'
import { useLooks } from './use-looks.ts'

/** The API key, how to call the API with it, its limit, and the keys beside it. */
export function ApiKeySection() {
  const may = useMay()
  return may('form_api_read') ? <WithRight /> : <WithoutRight />
}

function WithRight() {
  const { t } = useTranslation('api-key')
  const { id } = useForm()
  const summary = useQuery(summaryQuery(id))
  const keys = useQuery(keysQuery(id))
  useLooks(summary.refetch)
  const [secret, setSecret] = useSecret(summary.data?.hint ?? null)
  if (summary.isPending) return <Loading rows={6} />
  if (!summary.data) {
    return <Failure error={summary.error} what={t('notLoaded')} retry={() => void summary.refetch()} />
  }
  return (
    <>
      <ApiKeyPanel
        summary={summary.data}
        named={keys.data?.find(({ isDefault }) => isDefault)}
        secret={secret}
        onSecret={setSecret}
      />
      <CallExamples secret={summary.data.exists ? secret : undefined} />
      <LimitPanel rateLimit={summary.data.rateLimit} at={summary.dataUpdatedAt} exists={summary.data.exists} />
      <MoreKeys keys={keys} />
    </>
  )
}

/**
 * The secret while it is shown. It lives here and not in a cache: it is gone when one leaves the page, and when somebody
 * else has replaced or deleted the key since, which the end of the present key tells.
 */
function useSecret(hint: string | null) {
  const [read, setRead] = useState<{ secret: string; hintThen: string | null }>()
  const isPresent = read && (hint === read.hintThen || (hint !== null && read.secret.endsWith(hint)))
  const setSecret = (secret: string | undefined) =>
    setRead(secret === undefined ? undefined : { secret, hintThen: hint })
  return [isPresent ? read.secret : undefined, setSecret] as const
}

/** The panel without the secret, and who has it. */
function WithoutRight() {
  const { t, i18n } = useTranslation('api-key')
  const { id } = useForm()
  const person = useSession()
  const holders = useQuery(holdersQuery(id))
  const names = new Intl.ListFormat(localeFor(i18n.language)).format((holders.data ?? []).map(({ name }) => name))
  return (
    <>
      <section className="panel" aria-labelledby="api-key">
        <h2 id="api-key">{t('title')}</h2>
        <p className="text-width">{t('purpose')}</p>
        <dl className="key-credentials">
          <dt>{t('userName')}</dt>
          <dd>
            <code>{id}</code>
          </dd>
          <dd>
            <CopyButton text={id} what={t('userName')} size="sm" />
          </dd>
          <dt>{t('password')}</dt>
          <dd>
            {holders.isPending && <Loading rows={1} />}
            {holders.error && <Failure error={holders.error} retry={() => void holders.refetch()} />}
            {holders.data && (
              <span>{names === '' ? t('nobodyHolds') : t('holders', { names, count: holders.data.length })}</span>
            )}
          </dd>
        </dl>
      </section>
      <CallExamples secret={undefined} />
      {person?.serverOwner && (
        <section className="panel" aria-labelledby="limit">
          <h2 id="limit">{t('limitTitle')}</h2>
          <RaisedLimit />
        </section>
      )}
    </>
  )
}
