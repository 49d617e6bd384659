import '../settings/team.scss'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import { useFormat } from '../../i18n/format.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useNotices } from '../../ui/notices.tsx'

export type Invitation = components['schemas']['Invitation']

type OpenInvitationsProps = { invitations: Invitation[]; mayWithdraw: boolean }

/** Invitations that wait for an answer; each can be withdrawn. */
export function OpenInvitations({ invitations, mayWithdraw }: OpenInvitationsProps) {
  const { t } = useTranslation('people')
  const [withdrawing, setWithdrawing] = useState<Invitation>()
  return (
    <>
      <ul className="people-list">
        {invitations.map((invitation) => (
          <li key={invitation.id}>
            <InvitationText invitation={invitation} />
            {mayWithdraw && (
              <Button
                size="sm"
                variant="outline-danger"
                aria-label={t('withdrawOf', { email: invitation.email })}
                onClick={() => setWithdrawing(invitation)}
              >
                {t('withdraw')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Withdraw invitation={withdrawing} onClose={() => setWithdrawing(undefined)} />
    </>
  )
}

function InvitationText({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation(['people', 'team'])
  const format = useFormat()
  const { email, formName, roles, invitedBy, expiresAt } = invitation
  const until = format.dateTime(expiresAt)
  return (
    <div className="people-person">
      <strong>{email}</strong>
      {formName !== null && (
        <span>
          {t('toForm', {
            count: roles.length,
            form: formName,
            roles: format.list(roles.map((role) => t(`role.${role}`, { ns: 'team' }))),
          })}
        </span>
      )}
      <span className="text-body-secondary">
        {invitedBy === null ? t('openUntil', { until }) : t('openUntilBy', { until, inviter: invitedBy })}
      </span>
    </div>
  )
}

function Withdraw({ invitation, onClose }: { invitation: Invitation | undefined; onClose(): void }) {
  const { t } = useTranslation('people')
  const queries = useQueryClient()
  const notices = useNotices()
  const email = invitation?.email ?? ''
  const withdraw = async () => {
    if (!invitation) return
    const path = { invitationId: invitation.id }
    await answer(api.DELETE('/app/api/v1/invitations/{invitationId}', { params: { path } }))
    await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('invitations') })
    notices.done(t('withdrawn', { email }))
  }
  return (
    <Confirm
      show={invitation !== undefined}
      title={t('withdrawAsk', { email })}
      action={t('withdrawInvitation')}
      danger
      failed={t('notWithdrawn')}
      onConfirm={withdraw}
      onClose={onClose}
    >
      <p className="mb-0">{t('withdrawConsequence', { email })}</p>
    </Confirm>
  )
}
