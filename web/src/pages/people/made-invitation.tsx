import { Alert, Form, InputGroup } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import type { components } from '../../api/schema.d.ts'
import { useFormat } from '../../i18n/format.ts'
import { CopyButton } from '../../ui/copy-button.tsx'

type MadeInvitationProps = { invitation: components['schemas']['MadeInvitation'] }

/** The link of an invitation, which is shown this once. */
export function MadeInvitation({ invitation }: MadeInvitationProps) {
  const { t } = useTranslation('people')
  const format = useFormat()
  const { email, link, mailed, expiresAt } = invitation
  return (
    <Alert variant="success" role="status">
      <p className="fw-semibold mb-1">{t('invitedEmail', { email })}</p>
      <p>{mailed ? t('linkMailed', { email }) : t('linkNotMailed')}</p>
      <Form.Label htmlFor="invitation-link">{t('linkLabel')}</Form.Label>
      <InputGroup>
        <Form.Control
          id="invitation-link"
          className="font-monospace"
          readOnly
          value={link}
          onFocus={(event) => event.currentTarget.select()}
          aria-describedby="invitation-link-text"
        />
        <CopyButton text={link} what={t('link')} autoFocus variant="primary" />
      </InputGroup>
      <p id="invitation-link-text" className="small mt-2 mb-0">
        {t('linkText', { until: format.dateTime(expiresAt) })}
      </p>
    </Alert>
  )
}
