import '../settings/team.scss'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../app/session.tsx'
import { Page } from '../../ui/page.tsx'
import { Accounts } from './accounts.tsx'
import { ServerInvitations } from './server-invitations.tsx'

/** Everybody who has an account, or is invited: for the owner of the server. */
export function PeoplePage() {
  const { t } = useTranslation('people')
  const person = useSession()
  if (!person?.serverOwner) {
    return (
      <Page title={t('title')} width="text">
        <p>{t('onlyOwner')}</p>
        <p>
          <Link to="/app">{t('myForms')}</Link>
        </p>
      </Page>
    )
  }
  return (
    <Page title={t('title')} lead={t('lead')}>
      <ServerInvitations />
      <Accounts />
    </Page>
  )
}
