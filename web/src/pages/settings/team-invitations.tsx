import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormId } from '../../app/form.ts'
import { Failure } from '../../ui/failure.tsx'
import { OpenInvitations } from '../people/open-invitations.tsx'
import { formInvitationsQuery } from './team-queries.ts'

/** Who was asked to join the team and has not answered yet. */
export function TeamInvitations({ mayChange }: { mayChange: boolean }) {
  const { t } = useTranslation('team')
  const invitations = useQuery(formInvitationsQuery(useFormId()))
  const open = invitations.data?.filter(({ state }) => state === 'open') ?? []
  if (invitations.error) {
    return (
      <Failure error={invitations.error} what={t('invitationsNotLoaded')} retry={() => void invitations.refetch()} />
    )
  }
  if (open.length === 0) return null
  return (
    <section aria-labelledby="team-invited" className="mt-4">
      <h3 className="h5" id="team-invited">
        {t('invitedTitle')}
      </h3>
      <OpenInvitations invitations={open} mayWithdraw={mayChange} />
    </section>
  )
}
