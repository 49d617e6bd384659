import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { Badge, Button, Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { matching } from './matching.ts'

/** Rows that a page draws without being felt; more come on demand. */
const shownAtFirst = 100

export function Accounts() {
  const { t } = useTranslation('people')
  const [search, setSearch] = useState('')
  const people = useQuery({
    queryKey: ['people'],
    queryFn: () => answer(api.GET('/app/api/v1/admin/users')),
  })
  return (
    <section aria-labelledby="people-accounts">
      <h2 className="h5" id="people-accounts">
        {t('accountsTitle')}
      </h2>
      {people.isPending && <Loading rows={5} />}
      {people.error && (
        <Failure error={people.error} what={t('accountsNotLoaded')} retry={() => void people.refetch()} />
      )}
      {people.data && (
        <>
          <Form.Group controlId="people-search" className="mb-2 text-width">
            <Form.Label>{t('search')}</Form.Label>
            <Form.Control
              type="search"
              autoComplete="off"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </Form.Group>
          <AccountsTable people={people.data} search={search.trim()} />
        </>
      )}
    </section>
  )
}

type Person = components['schemas']['ListedPerson']

function AccountsTable({ people, search }: { people: Person[]; search: string }) {
  const { t } = useTranslation('people')
  const format = useFormat()
  const settled = useDeferredValue(search)
  const [shownMax, setShownMax] = useState(shownAtFirst)
  const found = matching(people, settled)
  const shown = found.slice(0, shownMax)
  return (
    <>
      <p role="status" className="text-body-secondary">
        {found.length > 0 ? t('accountsCount', { count: found.length }) : t('noAccounts', { search: settled })}
      </p>
      {found.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable by the keyboard.
        <section className="table-frame" aria-label={t('accountsTable')} tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('columnName')}</th>
                <th scope="col">{t('columnEmail')}</th>
                <th scope="col">{t('columnSince')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((person) => (
                <tr key={person.id}>
                  <th scope="row" className="fw-normal">
                    {person.fullName}{' '}
                    {person.serverOwner && (
                      <Badge bg="" className="role-badge">
                        {t('serverOwner')}
                      </Badge>
                    )}
                  </th>
                  <td>{person.email}</td>
                  <td>{format.date(person.createdAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {shown.length < found.length && (
        <p className="mt-3">
          {t('shownOf', { shown: format.number(shown.length), total: format.number(found.length) })}{' '}
          <Button variant="link" onClick={() => setShownMax(shownMax + shownAtFirst * 5)}>
            {t('showMore')}
          </Button>
        </p>
      )}
    </>
  )
}
