import './operator.scss'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Alert } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import { NotFound } from '../../app/not-found.tsx'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'

const route = getRouteApi('/app/pages/$name')

/** Terms of use and their like, as whoever runs this server wrote them. */
export function OperatorPage() {
  const { t, i18n } = useTranslation('operator')
  const format = useFormat()
  const { name } = route.useParams()
  const { language: lang } = i18n
  const page = useQuery({
    queryKey: ['operator-page', name, lang],
    queryFn: () => answer(api.GET('/app/api/v1/pages/{name}', { params: { path: { name }, query: { lang } } })),
  })
  if (page.isPending) return <Loading rows={6} />
  if (page.error) {
    if (page.error instanceof ApiProblem && page.error.problem.status === 404) return <NotFound />
    return (
      <Page title={t('pageFailedTitle')} width="text">
        <Failure error={page.error} retry={() => void page.refetch()} />
      </Page>
    )
  }
  const { title, html, lang: written, updatedAt, isDefault } = page.data
  return (
    <Page title={title} width="text">
      {isDefault && <Alert variant="warning">{t('isDefault')}</Alert>}
      <div
        className="operator-text"
        lang={written ?? undefined}
        // The server made it from the operator's Markdown, with no HTML of its own let through.
        // biome-ignore lint/security/noDangerouslySetInnerHtml: see above; the page's policy runs nothing inline besides.
        dangerouslySetInnerHTML={{ __html: html }}
      />
      {updatedAt && <p className="text-body-secondary small">{t('updated', { date: format.date(updatedAt) })}</p>}
    </Page>
  )
}
