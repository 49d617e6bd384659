import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { CopyButton } from '../../ui/copy-button.tsx'

type MadeSecretProps = {
  name: string
  secret: string
  /** What became of the old secret, where there was one. */
  children?: React.ReactNode
}

/** A secret that was made just now, with the user name that goes with it, and where both are found again. */
export function MadeSecret({ name, secret, children }: MadeSecretProps) {
  const { t } = useTranslation('named-keys')
  const { t: words } = useTranslation('api-key')
  const { id } = useForm()
  return (
    <>
      <p role="status" className="fw-semibold">
        {t('madeNow', { name })}
      </p>
      {children}
      <dl className="key-made">
        <dt>{words('userName')}</dt>
        <dd>
          <code>{id}</code> <CopyButton text={id} what={words('userName')} size="sm" />
        </dd>
        <dt>{words('password')}</dt>
        <dd>
          <code className="key-new">{secret}</code>{' '}
          <CopyButton text={secret} what={words('password')} size="sm" variant="primary" autoFocus />
        </dd>
      </dl>
      <p className="small text-body-secondary mb-0">{t('seeAgain', { name })}</p>
    </>
  )
}
