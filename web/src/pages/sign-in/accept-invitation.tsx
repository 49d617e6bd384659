import { useState } from 'react'
import { Alert, Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { useSession } from '../../app/session.tsx'
import { FieldsForm } from '../../ui/fields-form.tsx'
import { useAccountFields } from './fields.ts'
import { ProviderLink } from './provider-link.tsx'
import { useArrival } from './use-arrival.ts'

type AcceptProps = {
  token: string
  email: string
  options: { passwordMinLength: number; oidc: { name: string; startPath: string } | null }
}

/** What somebody does with an open invitation: make its account, or join with the one that there is. */
export function Accept({ token, email, options }: AcceptProps) {
  const { t } = useTranslation('sign-in')
  const person = useSession()
  const [hasAccount, setHasAccount] = useState(false)
  if (person?.email === email) return <JoinSignedIn token={token} email={email} />
  return (
    <div className="sign-in-box">
      {person && <Alert variant="warning">{t('signedInAsOther', { present: person.email, invited: email })}</Alert>}
      {hasAccount ? (
        <SignInAndJoin token={token} email={email} />
      ) : (
        <MakeAccount token={token} email={email} passwordMinLength={options.passwordMinLength} />
      )}
      <ProviderLink oidc={options.oidc} to="/app" />
      <p className="mt-4">
        <Button variant="link" className="p-0 text-start" onClick={() => setHasAccount(!hasAccount)}>
          {hasAccount ? t('haveNoAccount') : t('haveAccount')}
        </Button>
      </p>
    </div>
  )
}

type Invited = { token: string; email: string }

function MakeAccount({ token, email, passwordMinLength }: Invited & { passwordMinLength: number }) {
  const { t } = useTranslation('sign-in')
  const arrive = useArrival()
  const fields = useAccountFields()
  return (
    <FieldsForm
      autoFocus
      fields={[
        { ...fields.email(), fixed: email },
        fields.name(),
        fields.newPassword('password', t('password'), passwordMinLength),
      ]}
      action={t('makeAccount')}
      failed={t('noAccountMade')}
      texts={{ dead_link: t('invitationDead'), conflict: t('addressHasAccount') }}
      onSubmit={async ({ name = '', password = '' }) => {
        const body = { token, name, password }
        const { formId } = await answer(api.POST('/app/api/v1/invitations/accept', { body }))
        await arrive(await firstPage(formId))
      }}
    />
  )
}

function SignInAndJoin({ token, email }: Invited) {
  const { t } = useTranslation('sign-in')
  const arrive = useArrival()
  const fields = useAccountFields()
  return (
    <FieldsForm
      key="sign-in"
      autoFocus
      fields={[{ ...fields.email(), fixed: email }, fields.presentPassword('password', t('password'))]}
      action={t('signInAndJoin')}
      failed={t('notJoined')}
      texts={{ dead_link: t('invitationDead'), wrong_password: t('wrongPassword') }}
      onSubmit={async ({ password = '' }) => {
        await answer(api.POST('/app/api/auth/sign-in/email', { body: { email, password } }))
        const { formId } = await answer(api.POST('/app/api/v1/invitations/join', { body: { token } }))
        await arrive(await firstPage(formId))
      }}
    />
  )
}

function JoinSignedIn({ token, email }: Invited) {
  const { t } = useTranslation('sign-in')
  const arrive = useArrival()
  return (
    <FieldsForm
      fields={[]}
      action={t('join')}
      failed={t('notJoined')}
      texts={{ dead_link: t('invitationDead') }}
      onSubmit={async () => {
        const { formId } = await answer(api.POST('/app/api/v1/invitations/join', { body: { token } }))
        await arrive(await firstPage(formId))
      }}
    >
      <p>{t('joinAs', { email })}</p>
    </FieldsForm>
  )
}

/** Where somebody who has just joined a form's team has something to do. */
async function firstPage(formId: string | null): Promise<string> {
  if (formId === null) return '/app'
  const query = { formId }
  const forms = await answer(api.GET('/app/api/v1/rbac/current/forms', { params: { query } })).catch(() => [])
  const may = forms.find((form) => form.formId === formId)?.permissions ?? []
  if (may.includes('design_update')) return `/app/form/design?f=${formId}`
  if (may.includes('submission_review')) return `/app/form/submissions?f=${formId}`
  if (may.includes('team_update')) return `/app/form/manage?f=${formId}&section=team`
  return '/app'
}
