import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { Button, Form, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import { useFormId } from '../../app/form.ts'
import { Failure, useExplain } from '../../ui/failure.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { MadeInvitation } from '../people/made-invitation.tsx'
import { ChoosePerson, type Chosen } from './choose-person.tsx'
import { DialogAlert } from './dialog-alert.tsx'
import { focusFirstMistake } from './focus-first-mistake.ts'
import { RoleTicks } from './role-ticks.tsx'
import { type TeamMember, useSetRoles } from './team-queries.ts'
import type { Role } from './team-roles.ts'

type AddPersonProps = { show: boolean; mine: readonly string[]; members: TeamMember[]; onClose(): void }
type Made = components['schemas']['MadeInvitation']

/** Gives roles to somebody who has an account, or invites somebody by e-mail address with the roles. */
export function AddPerson({ show, onClose, ...rest }: AddPersonProps) {
  const { t } = useTranslation('team')
  const [made, setMade] = useState<Made>()
  const close = () => {
    onClose()
    setMade(undefined)
  }
  return (
    <Modal show={show} onHide={close} centered scrollable backdrop="static" aria-labelledby="add-person-title">
      <Modal.Header>
        <Modal.Title id="add-person-title" as="h2" className="h5">
          {t('addPerson')}
        </Modal.Title>
      </Modal.Header>
      {made ? (
        <>
          <Modal.Body>
            <MadeInvitation invitation={made} />
          </Modal.Body>
          <Modal.Footer>
            <Button onClick={close}>{t('close')}</Button>
          </Modal.Footer>
        </>
      ) : (
        <AddForm {...rest} onClose={close} onInvited={setMade} />
      )}
    </Modal>
  )
}

type AddFormProps = Omit<AddPersonProps, 'show'> & { onInvited(made: Made): void }

function AddForm({ mine, members, onClose, onInvited }: AddFormProps) {
  const { t } = useTranslation('team')
  const form = useRef<HTMLFormElement>(null)
  const [chosen, setChosen] = useState<Chosen>()
  const [wanted, setWanted] = useState<string[]>([])
  const [mistake, setMistake] = useState<'noPerson' | 'noRole'>()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const add = useAdd(onClose)
  const invite = useInvite(onInvited)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const missing = !chosen ? 'noPerson' : wanted.length === 0 ? 'noRole' : undefined
    setMistake(missing)
    setError(undefined)
    if (missing) focusFirstMistake(form.current)
    if (!chosen || missing || busy) return
    setBusy(true)
    try {
      await (chosen.kind === 'person' ? add(chosen, wanted) : invite(chosen.email, wanted))
    } catch (reason) {
      setError(reason)
    } finally {
      setBusy(false)
    }
  }
  const isInvitation = chosen?.kind === 'email'
  return (
    <Form ref={form} onSubmit={submit} noValidate className="modal-form">
      <Modal.Body>
        <DialogAlert error={error}>
          {error !== undefined && (
            <Failure
              error={error}
              what={isInvitation ? t('notInvited') : t('notAdded')}
              texts={{ conflict: t('hasAccount') }}
            />
          )}
        </DialogAlert>
        <ChoosePerson
          members={members}
          chosen={chosen}
          onChoose={setChosen}
          mistake={mistake === 'noPerson' && !chosen ? t('noPerson') : undefined}
        />
        <RoleTicks
          legend={t('rolesLegend')}
          mine={mine}
          member={{ roles: [], isSelf: false }}
          wanted={wanted}
          onChange={setWanted}
          mistake={mistake === 'noRole' && wanted.length === 0 ? t('noRole') : undefined}
        />
      </Modal.Body>
      <Modal.Footer>
        <Button variant="outline-secondary" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button type="submit" aria-disabled={busy}>
          {isInvitation ? t('invite') : t('addToTeam')}
        </Button>
      </Modal.Footer>
    </Form>
  )
}

function useAdd(done: () => void) {
  const { t } = useTranslation('team')
  const setRoles = useSetRoles(useFormId())
  const notices = useNotices()
  const explain = useExplain()
  return async ({ userId, name }: { userId: string; name: string }, roles: string[]) => {
    await setRoles.mutateAsync({ userId, roles })
    notices.done(t('added', { name }), () =>
      setRoles.mutateAsync({ userId, roles: [] }).then(
        () => notices.done(t('removed', { name })),
        (error) => notices.failed(t('stillInTeam', { name, reason: explain(error).text })),
      ),
    )
    done()
  }
}

function useInvite(done: (made: Made) => void) {
  const queries = useQueryClient()
  const formId = useFormId()
  return async (email: string, roles: string[]) => {
    // They come from the list of roles.
    const body = { email, formId, roles: roles as Role[] }
    const made = await answer(api.POST('/app/api/v1/invitations', { body }))
    await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('invitations') })
    done(made)
  }
}
