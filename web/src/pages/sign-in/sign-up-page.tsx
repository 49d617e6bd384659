import './sign-in.scss'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { signInOptionsQuery, useSession } from '../../app/session.tsx'
import { Failure } from '../../ui/failure.tsx'
import { FieldsForm } from '../../ui/fields-form.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { useAccountFields } from './fields.ts'
import { GoOn } from './go-on.tsx'
import { ProviderLink } from './provider-link.tsx'
import { isAppPath, returnPath } from './return-path.ts'
import { useArrival } from './use-arrival.ts'

const route = getRouteApi('/app/sign-up')

export function SignUpPage() {
  const { t } = useTranslation('sign-in')
  const { to } = route.useSearch()
  const path = returnPath(to)
  const person = useSession()
  const options = useQuery(signInOptionsQuery)
  if (person && isAppPath(path)) return <GoOn to={path} />
  const signIn = (
    <Link to="/app/sign-in" search={to ? { to } : {}}>
      {t('haveAccount')}
    </Link>
  )
  return (
    <Page title={t('signUpTitle')} width="text">
      {options.isPending && <Loading rows={3} />}
      {options.error && <Failure error={options.error} retry={() => void options.refetch()} />}
      {options.data?.signUp === 'invited' && <p>{t('signUpClosed')}</p>}
      {options.data?.signUp === 'open' && <SignUpForm options={options.data} path={path} />}
      <p className="mt-4">{signIn}</p>
    </Page>
  )
}

type Options = { passwordMinLength: number; oidc: { name: string; startPath: string } | null }

function SignUpForm({ options, path }: { options: Options; path: string }) {
  const { t } = useTranslation('sign-in')
  const arrive = useArrival()
  const fields = useAccountFields()
  return (
    <div className="sign-in-box">
      <FieldsForm
        autoFocus
        fields={[
          fields.name(),
          fields.email(),
          fields.newPassword('password', t('password'), options.passwordMinLength),
        ]}
        action={t('makeAccount')}
        failed={t('noAccountMade')}
        texts={{ conflict: t('addressHasAccount'), sign_up_closed: t('signUpClosed') }}
        onSubmit={async ({ name = '', email = '', password = '' }) => {
          await answer(api.POST('/app/api/auth/sign-up/email', { body: { name, email, password } }))
          await arrive(path)
        }}
      />
      <ProviderLink oidc={options.oidc} to={path} />
    </div>
  )
}
