import './export.scss'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { useFormat } from '../../i18n/format.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Page } from '../../ui/page.tsx'
import { LiveOrTest } from '../submissions/live-or-test.tsx'
import { ColumnChoice } from './column-choice.tsx'
import { curlLine, type ExportChoice, type ExportFilters, exportRequest, presetChoice } from './export-choice.ts'
import { ExportFields } from './export-fields.tsx'
import { startExport, useExportJob } from './export-job.ts'
import { countQuery } from './export-queries.ts'
import { canWriteFiles } from './file-sink.ts'
import { JobResult } from './job-result.tsx'
import { PreparedExports } from './prepared-exports.tsx'
import { preparedQuery, prepareExport } from './prepared-queries.ts'

/** So many submissions are better streamed to the disk by the browser than gathered in memory. */
const manySubmissions = 50_000

export function ExportPage() {
  const { t } = useTranslation('export')
  const form = useForm()
  const { test = false } = useSearch({ from: '/signed-in/form/app/form/export' })
  const [choice, setChoice] = useState<ExportChoice>({ ...presetChoice, test })
  const job = useExportJob(form.id)
  const count = useCount(form.id, choice)
  const client = useQueryClient()
  const prepare = useMutation({
    mutationFn: () => prepareExport(form.id, choice),
    onSuccess: () => client.invalidateQueries({ queryKey: preparedQuery(form.id).queryKey }),
  })
  const change = (changed: Partial<ExportChoice>) => setChoice({ ...choice, ...changed })
  const request = exportRequest(window.location.origin, form.id, choice)
  const fileName = `${form.snake}_submissions.${choice.format}`
  // An empty list of columns would be refused; the button says so before.
  const noColumns = choice.fields?.length === 0
  const backwards = choice.from !== undefined && choice.to !== undefined && choice.from > choice.to
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void startExport({ formId: form.id, request, format: choice.format, fileName, total: count.data ?? undefined })
  }
  return (
    <Page title={t('title')} lead={t('lead')}>
      <form onSubmit={submit} className="export-form">
        <LiveOrTest test={choice.test} onChoose={(chosen) => change({ test: chosen })} />
        <ExportFields choice={choice} onChange={change} />
        <ColumnChoice choice={choice} onChange={change} />
        <div className="export-go">
          <Button type="submit" disabled={noColumns || backwards || job?.kind === 'running'}>
            {t('export')}
          </Button>
          <Button
            variant="outline-primary"
            disabled={noColumns || backwards || prepare.isPending}
            onClick={() => prepare.mutate()}
          >
            {t('prepared.prepare')}
          </Button>
          <span role="status">
            <Count count={count} />
          </span>
        </div>
        {noColumns && <p className="text-danger">{t('noColumns')}</p>}
        {backwards && <p className="text-danger">{t('backwards')}</p>}
        {count.error && <Failure error={count.error} what={t('countFailed')} retry={() => void count.refetch()} />}
      </form>
      {request.method === 'GET' && !canWriteFiles() && (count.data === null || (count.data ?? 0) > manySubmissions) && (
        <p>
          {t('manyText')}{' '}
          <a href={request.url} download={fileName}>
            {t('manyLink')}
          </a>
        </p>
      )}
      {job && <JobResult job={job} />}
      {prepare.error && <Failure error={prepare.error} what={t('prepared.failed')} />}
      <PreparedExports formId={form.id} />
      {!noColumns && <CurlLine line={curlLine(form.id, request, fileName)} />}
    </Page>
  )
}

function useCount(formId: string, { version, status, date, from, to, deleted, drafts, test }: ExportFilters) {
  return useQuery(countQuery(formId, { version, status, date, from, to, deleted, drafts, test }))
}

function Count({ count }: { count: ReturnType<typeof useCount> }) {
  const { t } = useTranslation('export')
  const { number } = useFormat()
  if (count.data === undefined) return count.isPending ? t('counting') : ''
  if (count.data === null) return t('willHaveMore', { formatted: number(10_000) })
  return t('willHave', { count: count.data, formatted: number(count.data) })
}

function CurlLine({ line }: { line: string }) {
  const { t } = useTranslation('export')
  return (
    <section className="panel mt-4" aria-labelledby="curl-title">
      <div className="d-flex flex-wrap gap-2 justify-content-between align-items-start">
        <h2 className="h5" id="curl-title">
          {t('curlTitle')}
        </h2>
        <CopyButton text={line} what={t('curlLine')} size="sm" />
      </div>
      <p className="text-width">{t('curlText')}</p>
      <pre className="export-curl">
        <code>{line}</code>
      </pre>
    </section>
  )
}
