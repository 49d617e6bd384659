import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Badge, Button, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormId } from '../../app/form.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useExplain } from '../../ui/failure.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { ChangeRoles } from './change-roles.tsx'
import { type TeamMember, useSetRoles } from './team-queries.ts'
import { roles, whyNotRemove } from './team-roles.ts'

type TeamListProps = {
  members: TeamMember[]
  mine: readonly string[]
  selfId: string | undefined
  mayChange: boolean
}

export function TeamList({ members, mine, selfId, mayChange }: TeamListProps) {
  const { t } = useTranslation('team')
  const [changing, setChanging] = useState<TeamMember>()
  const [removing, setRemoving] = useState<TeamMember>()
  if (members.length === 0) return <p>{t('nobody')}</p>
  return (
    <>
      <ul className="team-list" aria-labelledby="team-title">
        {members.map((member) => (
          <li key={member.userId}>
            <Person member={member} isSelf={member.userId === selfId} />
            {mayChange && (
              <div className="team-acts">
                <Button
                  size="sm"
                  variant="outline-primary"
                  aria-label={t('changeRolesOf', { name: member.fullName })}
                  onClick={() => setChanging(member)}
                >
                  {t('changeRoles')}
                </Button>
                <Button
                  size="sm"
                  variant="outline-danger"
                  aria-label={t('removeName', { name: member.fullName })}
                  onClick={() => setRemoving(member)}
                >
                  {t('remove')}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {changing && (
        <ChangeRoles
          member={changing}
          mine={mine}
          isSelf={changing.userId === selfId}
          onClose={() => setChanging(undefined)}
        />
      )}
      <Remove
        member={removing}
        isSelf={removing?.userId === selfId}
        why={removing && whyNotRemove(mine, { roles: removing.roles, isSelf: removing.userId === selfId }, members)}
        onClose={() => setRemoving(undefined)}
      />
    </>
  )
}

function Person({ member, isSelf }: { member: TeamMember; isSelf: boolean }) {
  const { t } = useTranslation('team')
  return (
    <div className="team-person">
      <strong>{isSelf ? t('nameYou', { name: member.fullName }) : member.fullName}</strong>
      <span className="text-body-secondary">{member.email}</span>
      <span className="team-roles">
        {roles
          .filter((role) => member.roles.includes(role))
          .map((role) => (
            <Badge key={role} bg="" className="role-badge" title={t(`roleText.${role}`)}>
              {t(`role.${role}`)}
            </Badge>
          ))}
      </span>
    </div>
  )
}

type RemoveProps = { member: TeamMember | undefined; isSelf: boolean; why: string | undefined; onClose(): void }

/** Asks, and can be undone for a while, except by whoever left the team and so may change it no more. */
function Remove({ member, isSelf, why, onClose }: RemoveProps) {
  const { t } = useTranslation('team')
  const setRoles = useSetRoles(useFormId())
  const notices = useNotices()
  const explain = useExplain()
  const navigate = useNavigate()
  const name = member?.fullName ?? ''
  if (why) return <NotRemovable show={member !== undefined} name={name} why={t(why)} onClose={onClose} />
  const remove = async () => {
    if (!member) return
    const { userId, roles: before } = member
    await setRoles.mutateAsync({ userId, roles: [] })
    if (isSelf) {
      notices.done(t('left'))
      return navigate({ to: '/app' })
    }
    notices.done(t('removed', { name }), () =>
      setRoles.mutateAsync({ userId, roles: before }).then(
        () => notices.done(t('backInTeam', { name })),
        (error) => notices.failed(t('notBackInTeam', { name, reason: explain(error).text })),
      ),
    )
  }
  return (
    <Confirm
      show={member !== undefined}
      title={isSelf ? t('leaveAsk') : t('removeAsk', { name })}
      action={isSelf ? t('leave') : t('removeFromTeam')}
      danger
      failed={isSelf ? t('notLeft') : t('notRemoved', { name })}
      onConfirm={remove}
      onClose={onClose}
    >
      <p className="mb-0">{isSelf ? t('leaveConsequence') : t('removeConsequence', { name })}</p>
    </Confirm>
  )
}

type NotRemovableProps = { show: boolean; name: string; why: string; onClose(): void }

function NotRemovable({ show, name, why, onClose }: NotRemovableProps) {
  const { t } = useTranslation('team')
  return (
    <Modal show={show} onHide={onClose} centered aria-labelledby="not-removable-title">
      <Modal.Header>
        <Modal.Title id="not-removable-title" as="h2" className="h5">
          {t('cannotRemove', { name })}
        </Modal.Title>
      </Modal.Header>
      <Modal.Body>
        <p className="mb-0">{why}</p>
      </Modal.Body>
      <Modal.Footer>
        <Button variant="outline-secondary" onClick={onClose} autoFocus>
          {t('close')}
        </Button>
      </Modal.Footer>
    </Modal>
  )
}
