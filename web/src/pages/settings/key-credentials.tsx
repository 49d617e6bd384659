import { type RefObject, useState } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { useFormat } from '../../i18n/format.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { type ApiKeySummary, fetchSecret } from './api-key-queries.ts'
import { SecretMask } from './secret-mask.tsx'

type KeyCredentialsProps = {
  summary: ApiKeySummary
  secret: string | undefined
  onSecret(secret: string | undefined): void
  /** The key was deleted by somebody else. */
  onGone(): void
  /** The key was made just now, on this page. */
  fresh: boolean
  copyButton: RefObject<HTMLButtonElement | null>
}

/** User name and password, as Basic authorization calls them; the password masked until it is asked for. */
export function KeyCredentials({ summary, secret, onSecret, onGone, fresh, copyButton }: KeyCredentialsProps) {
  const { t } = useTranslation('api-key')
  const { id } = useForm()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<{ what: string; error: unknown }>()

  /** The secret, shown or not; undefined after saying why there is none. */
  const read = async (whatFailed: string) => {
    setFailure(undefined)
    try {
      const found = await fetchSecret(id)
      if (found === undefined) onGone()
      return found
    } catch (error) {
      setFailure({ what: whatFailed, error })
      return undefined
    }
  }
  const show = async () => {
    setBusy(true)
    onSecret(await read(t('notShown')))
    setBusy(false)
  }
  return (
    <>
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
          <code className={fresh && secret ? 'key-new' : ''}>
            {secret ?? <SecretMask prefix={summary.prefix} hint={summary.hint} />}
          </code>
          <GeneratedBy summary={summary} />
        </dd>
        <dd className="key-buttons">
          {secret === undefined ? (
            <Button variant="outline-secondary" size="sm" onClick={show} disabled={busy}>
              {t('showSecret')}
            </Button>
          ) : (
            <Button variant="outline-secondary" size="sm" onClick={() => onSecret(undefined)}>
              {t('hideSecret')}
            </Button>
          )}
          <CopyButton
            ref={copyButton}
            text={secret ?? (() => read(t('notCopied')))}
            what={t('password')}
            size="sm"
            variant={fresh ? 'primary' : 'outline-secondary'}
          />
        </dd>
      </dl>
      <p role="status" className={fresh && secret ? 'fw-semibold' : 'visually-hidden'}>
        {fresh && secret ? t('generatedNow') : ''}
      </p>
      {failure && <Failure error={failure.error} what={failure.what} />}
    </>
  )
}

function GeneratedBy({ summary }: { summary: ApiKeySummary }) {
  const { t } = useTranslation('api-key')
  const format = useFormat()
  if (!summary.createdAt) return null
  return (
    <span className="d-block small text-body-secondary" title={format.fullTime(summary.createdAt)}>
      {t('generatedBy', { date: format.date(summary.createdAt), person: summary.createdByName ?? summary.createdBy })}
    </span>
  )
}
