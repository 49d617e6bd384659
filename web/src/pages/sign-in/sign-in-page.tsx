import './sign-in.scss'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Alert } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { signInOptionsQuery, useSession } from '../../app/session.tsx'
import { FieldsForm } from '../../ui/fields-form.tsx'
import { Page } from '../../ui/page.tsx'
import { useAccountFields } from './fields.ts'
import { GoOn } from './go-on.tsx'
import { ProviderLink } from './provider-link.tsx'
import { isAppPath, returnPath } from './return-path.ts'
import { useArrival } from './use-arrival.ts'

const route = getRouteApi('/app/sign-in')

export function SignInPage() {
  const { t } = useTranslation('sign-in')
  const { to, problem } = route.useSearch()
  const path = returnPath(to)
  const person = useSession()
  const arrive = useArrival()
  const fields = useAccountFields()
  const { data: options } = useQuery(signInOptionsQuery)
  if (person && !problem && isAppPath(path)) return <GoOn to={path} />
  return (
    <Page title={t('title')} width="text">
      <div className="sign-in-box">
        {problem && <ProviderProblem code={problem} />}
        {options?.setUpNeeded && <Alert variant="warning">{t('setUpNeeded')}</Alert>}
        <FieldsForm
          autoFocus
          fields={[fields.email(), fields.presentPassword('password', t('password'))]}
          action={t('signIn')}
          failed={t('notSignedIn')}
          texts={{ wrong_password: t('wrongPassword') }}
          onSubmit={async ({ email = '', password = '' }) => {
            await answer(api.POST('/app/api/auth/sign-in/email', { body: { email, password } }))
            await arrive(path)
          }}
        />
        <ProviderLink oidc={options?.oidc ?? null} to={path} />
        <p className="mt-4 mb-1">
          {options?.signUp === 'open' ? (
            <Link to="/app/sign-up" search={to ? { to } : {}}>
              {t('noAccountYet')}
            </Link>
          ) : (
            options && t('byInvitation')
          )}
        </p>
        <p className="text-body-secondary">{t('forgotten')}</p>
      </div>
    </Page>
  )
}

/** What went wrong at the provider, in words; a code that we do not know says at least that nobody is signed in. */
function ProviderProblem({ code }: { code: string }) {
  const { t, i18n } = useTranslation('sign-in')
  const key = `provider.${code}`
  const known = /^[\w-]+$/.test(code) && i18n.exists(key, { ns: 'sign-in' })
  return (
    <Alert variant="danger">
      <p className="fw-semibold mb-1">{t('notSignedIn')}</p>
      <p className="mb-1">{known ? t(key) : t('providerFailed')}</p>
      <p className="failure-code">{t('problemCode', { code: code.slice(0, 60) })}</p>
    </Alert>
  )
}
