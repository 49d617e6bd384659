import './sign-in.scss'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Alert } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import { signInOptionsQuery } from '../../app/session.tsx'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { Accept } from './accept-invitation.tsx'
import { useLinkToken } from './link-token.ts'

export function AcceptInvitationPage() {
  const { t } = useTranslation('sign-in')
  const token = useLinkToken()
  return (
    <Page title={t('invitationTitle')} width="text">
      {token ? (
        <Invitation key={token} token={token} />
      ) : (
        <Alert variant="warning">{t('invitationWithoutToken')}</Alert>
      )}
    </Page>
  )
}

function Invitation({ token }: { token: string }) {
  const { t } = useTranslation('sign-in')
  const format = useFormat()
  const options = useQuery(signInOptionsQuery)
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => answer(api.POST('/app/api/v1/invitations/look-up', { body: { token } })),
    // What is typed here must not be lost because the window was left for a moment.
    refetchOnWindowFocus: false,
    gcTime: 0,
  })
  const failed = invitation.error ?? options.error
  if (failed) {
    const isDead = failed instanceof ApiProblem && failed.code === 'dead_link'
    const again = () => void Promise.all([invitation.refetch(), options.refetch()])
    return (
      <>
        <Failure
          error={failed}
          what={t('invitationNotOpened')}
          texts={{ dead_link: t('invitationDead') }}
          retry={isDead ? undefined : again}
        />
        <p>
          <Link to="/app/sign-in">{t('signIn')}</Link>
        </p>
      </>
    )
  }
  if (!invitation.data || !options.data) return <Loading rows={4} />
  const { data } = invitation
  return (
    <>
      <p>{invitationText(t, data)}</p>
      <p className="text-body-secondary">{t('invitationUntil', { time: format.dateTime(data.expiresAt) })}</p>
      <Accept token={token} email={data.email} options={options.data} />
    </>
  )
}

type Guest = { email: string; invitedBy: string | null; formName: string | null }
type Translate = (key: string, values: Record<string, string>) => string

/** Whole sentences for each of the four cases: languages order their parts differently. */
function invitationText(t: Translate, { email, invitedBy, formName }: Guest): string {
  const values = { email, inviter: invitedBy ?? '', form: formName ?? '' }
  if (invitedBy && formName) return t('invitedByToForm', values)
  if (invitedBy) return t('invitedBy', values)
  return formName ? t('invitedToForm', values) : t('invited', values)
}
