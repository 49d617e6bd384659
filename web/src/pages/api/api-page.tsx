import './api.scss'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
import { Form } from 'react-bootstrap'
import { Trans, useTranslation } from 'react-i18next'
import { call } from '../../api/client.ts'
import { problemOf } from '../../api/problem.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { CredentialsPanel } from './credentials-panel.tsx'
import { OperationDetails } from './operation-details.tsx'
import { Prose } from './prose.tsx'
import { filterOperations, operationsIn, type SpecDocument, sectionsOf } from './spec.ts'
import type { Credentials } from './try-request.ts'

const specQuery = queryOptions({
  queryKey: ['api-specification'],
  queryFn: async () => {
    const response = await call(new Request('/app/api/v1/api-spec.json'))
    if (!response.ok) throw problemOf(response, await response.json().catch(() => undefined))
    return (await response.json()) as SpecDocument // our own server's document
  },
  staleTime: Number.POSITIVE_INFINITY,
})

/** The API's specification, with a way to try each operation that takes a key. */
export function ApiPage() {
  const { t } = useTranslation('api')
  const spec = useQuery(specQuery)
  return (
    <Page title={t('title')} lead={t('lead')}>
      <p>
        <Trans
          t={t}
          i18nKey="documents"
          components={{
            json: <DocumentLink to="/app/api/v1/api-spec.json" />,
            yaml: <DocumentLink to="/app/api/v1/api-spec.yaml" />,
          }}
        />
      </p>
      {spec.isPending && <Loading rows={8} />}
      {spec.error && <Failure error={spec.error} what={t('notLoaded')} retry={() => void spec.refetch()} />}
      {spec.data && <Viewer spec={spec.data} />}
    </Page>
  )
}

/** These addresses are the server's, not pages of this app. */
function DocumentLink({ to, children }: { to: string; children?: ReactNode }) {
  return <a href={to}>{children}</a>
}

function Viewer({ spec }: { spec: SpecDocument }) {
  const { t } = useTranslation('api')
  const operations = useMemo(() => operationsIn(spec), [spec])
  const [onlyKey, setOnlyKey] = useState(true)
  const [words, setWords] = useState('')
  // In memory alone: a key must not be found by the next who uses this browser.
  const { f: formId = '' } = useSearch({ from: '/app/api-specification' })
  const [credentials, setCredentials] = useState<Credentials>({ formId, key: '' })
  const found = filterOperations(operations, { onlyKey, words })
  return (
    <>
      <CredentialsPanel credentials={credentials} onChange={setCredentials} />
      <search className="api-filter">
        <Form.Group controlId="api-search" className="api-search">
          <Form.Label>{t('search')}</Form.Label>
          <Form.Control type="search" value={words} onChange={(event) => setWords(event.target.value)} />
        </Form.Group>
        <Form.Check
          id="only-key"
          label={t('onlyKey')}
          checked={onlyKey}
          onChange={(event) => setOnlyKey(event.target.checked)}
        />
      </search>
      <p role="status" className="text-body-secondary">
        {t('found', { count: found.length, all: operations.length })}
      </p>
      {found.length === 0 && <p>{onlyKey ? t('noneWithKey') : t('none')}</p>}
      {sectionsOf(spec, found).map((section) => (
        <section key={section.name} className="api-section" aria-labelledby={`section-${section.name}`}>
          <h2 id={`section-${section.name}`} lang="en">
            {section.title}
          </h2>
          <Prose text={section.description} />
          {section.operations.map((operation) => (
            <OperationDetails key={operation.id} spec={spec} operation={operation} credentials={credentials} />
          ))}
        </section>
      ))}
    </>
  )
}
