import { useState } from 'react'
import { Button, Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import type { Credentials } from './try-request.ts'

export const formIdFieldId = 'try-form-id'
export const keyFieldId = 'try-key'

type CredentialsPanelProps = { credentials: Credentials; onChange(credentials: Credentials): void }

/** Form ID and key for *Try it*, once for all operations. */
export function CredentialsPanel({ credentials, onChange }: CredentialsPanelProps) {
  const { t } = useTranslation('api')
  const [shown, setShown] = useState(false)
  return (
    <section className="panel" aria-labelledby="try-credentials">
      <h2 id="try-credentials" className="h5">
        {t('credentials')}
      </h2>
      <p className="text-width">{t('credentialsText')}</p>
      <div className="api-credentials">
        <Form.Group controlId={formIdFieldId}>
          <Form.Label>{t('formId')}</Form.Label>
          <Form.Control
            className="font-monospace"
            value={credentials.formId}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ ...credentials, formId: event.target.value })}
          />
        </Form.Group>
        <Form.Group controlId={keyFieldId}>
          <Form.Label>{t('key')}</Form.Label>
          <div className="api-key-input">
            <Form.Control
              className="font-monospace"
              type={shown ? 'text' : 'password'}
              value={credentials.key}
              // No browser shall offer to keep it.
              autoComplete="off"
              data-1p-ignore=""
              spellCheck={false}
              onChange={(event) => onChange({ ...credentials, key: event.target.value })}
            />
            <Button variant="outline-secondary" onClick={() => setShown(!shown)} aria-pressed={shown}>
              {t('showKey')}
            </Button>
          </div>
        </Form.Group>
      </div>
    </section>
  )
}
