import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import { Failure } from '../../ui/failure.tsx'
import { FieldsForm } from '../../ui/fields-form.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useAccountFields } from '../sign-in/fields.ts'
import { MadeInvitation } from './made-invitation.tsx'
import { OpenInvitations } from './open-invitations.tsx'

export function ServerInvitations() {
  const { t } = useTranslation('people')
  return (
    <>
      <section className="panel" aria-labelledby="people-invite">
        <h2 className="h5" id="people-invite">
          {t('inviteTitle')}
        </h2>
        <p className="text-body-secondary">{t('inviteText')}</p>
        <Invite />
      </section>
      <section className="mb-4" aria-labelledby="people-invitations">
        <h2 className="h5" id="people-invitations">
          {t('invitationsTitle')}
        </h2>
        <Invitations />
      </section>
    </>
  )
}

function Invite() {
  const { t } = useTranslation('people')
  const queries = useQueryClient()
  const fields = useAccountFields()
  // The field is emptied after each invitation; the link of the last one stays until the next.
  const [made, setMade] = useState<components['schemas']['MadeInvitation']>()
  return (
    <>
      {made && <MadeInvitation key={made.id} invitation={made} />}
      <div className="text-width">
        <FieldsForm
          key={made?.id ?? ''}
          fields={[{ ...fields.email(), autoComplete: 'off' }]}
          action={t('inviteAction')}
          failed={t('notInvited')}
          texts={{ conflict: t('hasAccount') }}
          onSubmit={async ({ email = '' }) => {
            setMade(await answer(api.POST('/app/api/v1/invitations', { body: { email } })))
            await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('invitations') })
          }}
        />
      </div>
    </>
  )
}

function Invitations() {
  const { t } = useTranslation('people')
  const invitations = useQuery({
    queryKey: ['invitations'],
    queryFn: () => answer(api.GET('/app/api/v1/invitations')),
  })
  if (invitations.isPending) return <Loading rows={2} />
  if (invitations.error) {
    return (
      <Failure error={invitations.error} what={t('invitationsNotLoaded')} retry={() => void invitations.refetch()} />
    )
  }
  const open = invitations.data.filter(({ state }) => state === 'open')
  if (open.length === 0) return <p>{t('noInvitations')}</p>
  return <OpenInvitations invitations={open} mayWithdraw />
}
