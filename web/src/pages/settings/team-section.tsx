import './team.scss'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormId, useMay } from '../../app/form.ts'
import { useSession } from '../../app/session.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { AddPerson } from './add-person.tsx'
import { TeamInvitations } from './team-invitations.tsx'
import { TeamList } from './team-list.tsx'
import { teamQuery } from './team-queries.ts'

/** Who works on a form, with which roles. */
export function TeamSection() {
  const { t } = useTranslation('team')
  const may = useMay()
  return (
    <section aria-labelledby="team-title">
      <h2 className="h4" id="team-title">
        {t('title')}
      </h2>
      {may('team_read') ? <Team mayChange={may('team_update')} /> : <p>{t('notForYou')}</p>}
    </section>
  )
}

function Team({ mayChange }: { mayChange: boolean }) {
  const { t } = useTranslation('team')
  const formId = useFormId()
  const self = useSession()
  const team = useQuery(teamQuery(formId))
  const [adding, setAdding] = useState(false)
  const mine = team.data?.find(({ userId }) => userId === self?.id)?.roles ?? []
  return (
    <>
      <p className="lead-text mb-3">{t('lead')}</p>
      {mayChange ? (
        <p>
          <Button onClick={() => setAdding(true)}>{t('addPerson')}</Button>
        </p>
      ) : (
        <p>{t('whoMayChange')}</p>
      )}
      {team.isPending && <Loading rows={3} />}
      {team.error && <Failure error={team.error} what={t('teamNotLoaded')} retry={() => void team.refetch()} />}
      {team.data && <TeamList members={team.data} mine={mine} selfId={self?.id} mayChange={mayChange} />}
      <TeamInvitations mayChange={mayChange} />
      {mayChange && <AddPerson show={adding} mine={mine} members={team.data ?? []} onClose={() => setAdding(false)} />}
    </>
  )
}
