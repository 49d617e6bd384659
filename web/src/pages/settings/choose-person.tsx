import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../ui/failure.tsx'
import { isEmailAddress, offers } from './found-people.ts'
import { foundPeopleQuery, searchMinLength, type TeamMember } from './team-queries.ts'

export type Chosen = { kind: 'person'; userId: string; name: string } | { kind: 'email'; email: string }

type ChoosePersonProps = {
  members: TeamMember[]
  chosen: Chosen | undefined
  onChoose(chosen: Chosen | undefined): void
  mistake: string | undefined
}

/** Somebody with an account by a part of the name or address, or anybody by the whole address. */
export function ChoosePerson({ members, chosen, onChoose, mistake }: ChoosePersonProps) {
  const { t } = useTranslation('team')
  const [text, setText] = useState('')
  const search = useSettled(text.trim())
  const found = useQuery(foundPeopleQuery(search))
  const { people, invitable } = offers(found.data, search)
  const status = () => {
    if (search.length < searchMinLength || found.error) return ''
    if (!found.data) return t('searching')
    if (people.length > 0) return t('foundCount', { count: people.length })
    return isEmailAddress(search) ? t('foundNobodyInvite', { email: search }) : t('foundNobody')
  }
  return (
    <>
      <Form.Group controlId="add-person-search" className="mb-2">
        <Form.Label>{t('search')}</Form.Label>
        <Form.Control
          type="search"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={text}
          isInvalid={mistake !== undefined}
          aria-invalid={mistake !== undefined}
          aria-describedby={mistake ? 'add-person-mistake add-person-search-help' : 'add-person-search-help'}
          onChange={(event) => {
            setText(event.target.value)
            onChoose(undefined)
          }}
          onKeyDown={(event) => {
            // Enter here means "search", which is done already, and not "add".
            if (event.key === 'Enter') event.preventDefault()
          }}
        />
        {mistake && (
          <Form.Control.Feedback type="invalid" id="add-person-mistake">
            {mistake}
          </Form.Control.Feedback>
        )}
        <Form.Text id="add-person-search-help">{t('searchHelp')}</Form.Text>
      </Form.Group>
      <p role="status" className="small mb-2">
        {status()}
      </p>
      {found.error && <Failure error={found.error} what={t('notSearched')} retry={() => void found.refetch()} />}
      {(people.length > 0 || invitable) && (
        <fieldset className="found-people">
          <legend className="visually-hidden">{t('person')}</legend>
          {people.map(({ id, fullName, email }) => {
            const inTeam = members.some(({ userId }) => userId === id)
            return (
              <Form.Check
                key={id}
                type="radio"
                name="person"
                id={`person-${id}`}
                disabled={inTeam}
                checked={chosen?.kind === 'person' && chosen.userId === id}
                onChange={() => onChoose({ kind: 'person', userId: id, name: fullName })}
                label={
                  <>
                    {fullName} <span className="text-body-secondary">{email}</span>
                    {inTeam && <span className="d-block small">{t('inTeamAlready')}</span>}
                  </>
                }
              />
            )
          })}
          {invitable && (
            <Form.Check
              type="radio"
              name="person"
              id="person-invited"
              checked={chosen?.kind === 'email'}
              onChange={() => onChoose({ kind: 'email', email: invitable })}
              label={t('inviteEmail', { email: invitable })}
            />
          )}
        </fieldset>
      )}
    </>
  )
}

const pauseMs = 250

/** The text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pauseMs)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
