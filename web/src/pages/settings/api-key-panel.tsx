import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm, useMay } from '../../app/form.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { KeyStops } from '../api-keys/key-stops.tsx'
import { KeyActivity } from '../api-keys/last-used.tsx'
import type { NamedKey } from '../api-keys/named-key-queries.ts'
import { type ApiKeySummary, deleteKey, generateKey, summaryQuery } from './api-key-queries.ts'
import { FilesTick } from './files-tick.tsx'
import { KeyCredentials } from './key-credentials.tsx'

type ApiKeyPanelProps = {
  summary: ApiKeySummary
  /** The same key as one of the form's keys; undefined until they are looked up. */
  named: NamedKey | undefined
  secret: string | undefined
  onSecret(secret: string | undefined): void
}

/** The key that lets programs in: generate, show, copy, regenerate, delete. */
export function ApiKeyPanel({ summary, named, secret, onSecret }: ApiKeyPanelProps) {
  const { t } = useTranslation('api-key')
  const { id, name } = useForm()
  const may = useMay()
  const queries = useQueryClient()
  const notices = useNotices()
  const copyButton = useRef<HTMLButtonElement>(null)
  const generateButton = useRef<HTMLButtonElement>(null)
  const [asking, setAsking] = useState<'generate' | 'regenerate' | 'delete'>()
  const [fresh, setFresh] = useState(false)
  const refresh = () => queries.invalidateQueries(summaryQuery(id))

  const generate = async () => {
    const made = await generateKey(id)
    // Shown this once without asking: who generates a key wants to take it somewhere.
    onSecret(made)
    setFresh(true)
    await refresh()
  }
  const remove = async () => {
    await deleteKey(id)
    onSecret(undefined)
    setFresh(false)
    await refresh()
    notices.done(t('deleted'))
  }
  const close = () => setAsking(undefined)
  const closeAndLook = () => {
    close()
    // Where no answer came, the panel shows what became of the key.
    void refresh()
  }
  return (
    <section className="panel" aria-labelledby="api-key">
      <div className="key-head">
        <h2 id="api-key">{t('title')}</h2>
        {summary.exists && (
          <p className="key-activity">
            <KeyActivity lastUsed={summary.lastUsed} callsToday={summary.callsToday ?? 0} />
          </p>
        )}
      </div>
      {named && <KeyStops named={named} />}
      {summary.exists ? (
        <>
          <p className="text-width">
            {t('purpose')} {t('keepIt')}
          </p>
          <KeyCredentials
            summary={summary}
            secret={secret}
            onSecret={(shown) => {
              setFresh(false)
              onSecret(shown)
            }}
            onGone={refresh}
            fresh={fresh}
            copyButton={copyButton}
          />
          <FilesTick allowed={summary.filesApiAccess === true} disabled={!may('form_api_create')} onChanged={refresh} />
          <div className="key-buttons">
            {may('form_api_create') && (
              <Button variant="outline-primary" onClick={() => setAsking('regenerate')}>
                {t('regenerate')}
              </Button>
            )}
            {may('form_api_delete') && (
              <Button variant="outline-danger" onClick={() => setAsking('delete')} aria-label={t('deleteKey')}>
                {t('delete')}
              </Button>
            )}
          </div>
        </>
      ) : (
        <>
          <p className="text-width">{t('without')}</p>
          {may('form_api_create') && (
            <Button ref={generateButton} onClick={() => setAsking('generate')}>
              {t('generate')}
            </Button>
          )}
        </>
      )}
      <Confirm
        show={asking === 'generate'}
        title={t('generateTitle')}
        action={t('generate')}
        failed={t('notGenerated')}
        onConfirm={generate}
        onClose={close}
        focusAfter={copyButton}
      >
        <p>{t('generateText', { form: name })}</p>
      </Confirm>
      <Confirm
        show={asking === 'regenerate'}
        danger
        title={t('regenerateTitle', { form: name })}
        action={t('regenerate')}
        failed={t('notReplaced')}
        unanswered={t('maybeReplaced')}
        onConfirm={generate}
        onClose={closeAndLook}
        focusAfter={copyButton}
      >
        <p>{t('regenerateText')}</p>
      </Confirm>
      <Confirm
        show={asking === 'delete'}
        danger
        title={t('deleteTitle', { form: name })}
        action={t('deleteKey')}
        failed={t('notDeleted')}
        unanswered={t('maybeDeleted')}
        onConfirm={remove}
        onClose={closeAndLook}
        focusAfter={generateButton}
      >
        <p>{t('deleteText')}</p>
      </Confirm>
    </section>
  )
}
