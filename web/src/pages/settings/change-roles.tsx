import { type FormEvent, useRef, useState } from 'react'
import { Button, Form, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormId } from '../../app/form.ts'
import { Failure, useExplain } from '../../ui/failure.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { DialogAlert } from './dialog-alert.tsx'
import { focusFirstMistake } from './focus-first-mistake.ts'
import { RoleTicks } from './role-ticks.tsx'
import { type TeamMember, useSetRoles } from './team-queries.ts'

type ChangeRolesProps = { member: TeamMember; mine: readonly string[]; isSelf: boolean; onClose(): void }

export function ChangeRoles({ member, mine, isSelf, onClose }: ChangeRolesProps) {
  const { t } = useTranslation('team')
  const notices = useNotices()
  const explain = useExplain()
  const setRoles = useSetRoles(useFormId())
  const [wanted, setWanted] = useState<string[]>(member.roles)
  const form = useRef<HTMLFormElement>(null)
  const [mistake, setMistake] = useState(false)
  const { userId, fullName: name, roles: before } = member

  const undo = () =>
    setRoles.mutateAsync({ userId, roles: before }).then(
      () => notices.done(t('rolesBack', { name })),
      (error) => notices.failed(t('rolesNotBack', { name, reason: explain(error).text })),
    )
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setMistake(wanted.length === 0)
    if (wanted.length === 0) return focusFirstMistake(form.current)
    // What went wrong is shown from the mutation's own state.
    const done = await setRoles.mutateAsync({ userId, roles: wanted }).catch(() => undefined)
    if (!done) return
    notices.done(t('rolesChanged', { name }), isSelf ? undefined : undo)
    onClose()
  }
  return (
    <Modal show onHide={onClose} centered scrollable aria-labelledby="change-roles-title">
      <Form ref={form} onSubmit={save} className="modal-form">
        <Modal.Header>
          <Modal.Title id="change-roles-title" as="h2" className="h5">
            {t('changeRolesOf', { name })}
          </Modal.Title>
        </Modal.Header>
        <Modal.Body>
          <DialogAlert error={setRoles.error}>
            {setRoles.error && (
              <Failure error={setRoles.error} what={t('rolesNotChanged')} texts={{ bad_request: t('lastOwner') }} />
            )}
          </DialogAlert>
          <RoleTicks
            legend={t('rolesLegend')}
            mine={mine}
            member={{ roles: before, isSelf }}
            wanted={wanted}
            onChange={setWanted}
            mistake={mistake && wanted.length === 0 ? t('noRole') : undefined}
          />
        </Modal.Body>
        <Modal.Footer>
          <Button variant="outline-secondary" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" disabled={setRoles.isPending}>
            {t('saveRoles')}
          </Button>
        </Modal.Footer>
      </Form>
    </Modal>
  )
}
