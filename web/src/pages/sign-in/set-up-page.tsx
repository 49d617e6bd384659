import './sign-in.scss'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Alert } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { signInOptionsQuery, useSession } from '../../app/session.tsx'
import { Failure } from '../../ui/failure.tsx'
import { FieldsForm } from '../../ui/fields-form.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { useAccountFields } from './fields.ts'
import { useLinkToken } from './link-token.ts'
import { useArrival } from './use-arrival.ts'

/** Makes the first account, with the link that the server's console shows. */
export function SetUpPage() {
  const { t } = useTranslation('sign-in')
  const options = useQuery(signInOptionsQuery)
  return (
    <Page title={t('setUpTitle')} lead={t('setUpLead')} width="text">
      {options.isPending && <Loading rows={3} />}
      {options.error && <Failure error={options.error} retry={() => void options.refetch()} />}
      {options.data && <SetUp needed={options.data.setUpNeeded} passwordMinLength={options.data.passwordMinLength} />}
    </Page>
  )
}

function SetUp({ needed, passwordMinLength }: { needed: boolean; passwordMinLength: number }) {
  const { t } = useTranslation('sign-in')
  const token = useLinkToken()
  const person = useSession()
  const arrive = useArrival()
  const fields = useAccountFields()
  if (!needed) {
    return (
      <>
        <p>{t('setUpDone')}</p>
        <p>{person ? <Link to="/app">{t('myForms')}</Link> : <Link to="/app/sign-in">{t('signIn')}</Link>}</p>
      </>
    )
  }
  if (!token) return <Alert variant="warning">{t('setUpWithoutToken')}</Alert>
  return (
    <div className="sign-in-box">
      <FieldsForm
        autoFocus
        fields={[fields.name(), fields.email(), fields.newPassword('password', t('password'), passwordMinLength)]}
        action={t('makeFirstAccount')}
        failed={t('noAccountMade')}
        texts={{ dead_link: t('setUpLinkDead') }}
        onSubmit={async ({ name = '', email = '', password = '' }) => {
          await answer(api.POST('/app/api/v1/set-up', { body: { token, name, email, password } }))
          await arrive('/app')
        }}
      />
    </div>
  )
}
