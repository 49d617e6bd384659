import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { LanguageChoice, SchemeChoice } from '../../app/choices.tsx'
import { type SignedInPerson, sessionQuery, signInOptionsQuery, useSession } from '../../app/session.tsx'
import { Failure } from '../../ui/failure.tsx'
import { FieldsForm } from '../../ui/fields-form.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { Page } from '../../ui/page.tsx'
import { useAccountFields } from '../sign-in/fields.ts'
import { SignOutEverywhere } from './sign-out-everywhere.tsx'

export function AccountPage() {
  const { t } = useTranslation('account')
  const person = useSession()
  if (!person) return <Loading />
  return (
    <Page title={t('title')} lead={t('signedInAs', { email: person.email })} width="text">
      <Name person={person} />
      <Password person={person} />
      <section className="panel" aria-labelledby="account-show">
        <h2 className="h5" id="account-show">
          {t('display')}
        </h2>
        <p className="text-body-secondary">{t('displayText')}</p>
        <Form.Group className="mb-3" controlId="account-language">
          <Form.Label>{t('language')}</Form.Label>
          <LanguageChoice />
        </Form.Group>
        <Form.Group controlId="account-scheme">
          <Form.Label>{t('appearance')}</Form.Label>
          <SchemeChoice />
        </Form.Group>
      </section>
      <SignOutEverywhere />
    </Page>
  )
}

function Name({ person }: { person: SignedInPerson }) {
  const { t } = useTranslation('account')
  const { data: options } = useQuery(signInOptionsQuery)
  const queries = useQueryClient()
  const notices = useNotices()
  const fields = useAccountFields()
  return (
    <section className="panel" aria-labelledby="account-name">
      <h2 className="h5" id="account-name">
        {t('name')}
      </h2>
      {person.followsProvider ? (
        <p className="mb-0">
          {t('nameFromProvider', { name: person.name, provider: options?.oidc?.name ?? t('theProvider') })}
        </p>
      ) : (
        <FieldsForm
          fields={[fields.name(person.name)]}
          action={t('saveName')}
          failed={t('nameNotSaved')}
          onSubmit={async ({ name = '' }) => {
            await answer(api.PUT('/app/api/v1/users/me', { body: { name } }))
            await queries.invalidateQueries(sessionQuery)
            notices.done(t('nameSaved'))
          }}
        />
      )}
    </section>
  )
}

function Password({ person }: { person: SignedInPerson }) {
  const { t } = useTranslation('account')
  const options = useQuery(signInOptionsQuery)
  return (
    <section className="panel" aria-labelledby="account-password">
      <h2 className="h5" id="account-password">
        {t('password')}
      </h2>
      {!person.hasPassword && <p className="mb-0">{t('noPassword')}</p>}
      {person.hasPassword && options.isPending && <Loading rows={2} />}
      {person.hasPassword && options.error && <Failure error={options.error} retry={() => void options.refetch()} />}
      {person.hasPassword && options.data && (
        <ChangePassword email={person.email} min={options.data.passwordMinLength} />
      )}
    </section>
  )
}

function ChangePassword({ email, min }: { email: string; min: number }) {
  const { t } = useTranslation('account')
  const notices = useNotices()
  const fields = useAccountFields()
  // A new form after each change: the passwords must not stay in it.
  const [changes, setChanges] = useState(0)
  return (
    <FieldsForm
      key={changes}
      // The hidden address tells a password manager whose password this is.
      accountName={email}
      fields={[
        fields.presentPassword('currentPassword', t('presentPassword')),
        fields.newPassword('newPassword', t('newPassword'), min),
      ]}
      action={t('changePassword')}
      failed={t('passwordNotChanged')}
      texts={{ wrong_password: t('presentPasswordWrong') }}
      onSubmit={async ({ currentPassword = '', newPassword = '' }) => {
        await answer(api.POST('/app/api/auth/change-password', { body: { currentPassword, newPassword } }))
        setChanges((count) => count + 1)
        notices.done(t('passwordChanged'))
      }}
    >
      <p className="text-body-secondary">{t('passwordEndsSessions')}</p>
    </FieldsForm>
  )
}
