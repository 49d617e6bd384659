import { Alert, Button, ProgressBar } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { isJson } from '../../../../server/src/exports/export-formats.ts'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import type { ExportJob } from './export-job.ts'

/** How far an export is, and what became of it. */
export function JobResult({ job }: { job: ExportJob }) {
  const { t } = useTranslation('export')
  const format = useFormat()
  const { rows, bytes, fileName } = job
  const size = { count: rows ?? 0, rows: format.number(rows ?? 0), size: format.bytes(bytes), file: fileName }
  switch (job.kind) {
    case 'running':
      return <Running job={job} text={t(rows === undefined ? 'runningBytes' : 'running', size)} />
    case 'done':
      return (
        <Alert variant="success" role="status">
          <strong>{t(rows === undefined ? 'doneBytes' : 'done', { ...size, time: format.dateTime(job.at) })}</strong>
          <p className="mb-0">{t('doneText', size)}</p>
        </Alert>
      )
    case 'cancelled':
      return (
        <Alert variant="info" role="status">
          {t('cancelled')}
        </Alert>
      )
    case 'failed':
      return job.why === 'refused' ? (
        <Failure error={job.error} what={t('failed')} />
      ) : (
        <Alert variant="danger" role="alert">
          <p className="fw-semibold mb-1">{t('failed')}</p>
          <p className="mb-0">{t(`why.${job.why}`, size)}</p>
        </Alert>
      )
  }
}

function Running({ job, text }: { job: Extract<ExportJob, { kind: 'running' }>; text: string }) {
  const { t } = useTranslation('export')
  const { rows, total, format, cancel } = job
  // A submission is one row of a JSON, and with grids several of a CSV: there only the rows so far are known.
  const percent =
    isJson(format) && total && rows !== undefined ? Math.min(100, Math.round((100 * rows) / total)) : undefined
  return (
    <section className="export-running" aria-label={t('progress')}>
      <ProgressBar
        animated={percent === undefined}
        now={percent ?? 100}
        aria-label={t('progress')}
        {...(percent === undefined ? { 'aria-valuetext': text } : {})}
      />
      <div className="d-flex flex-wrap gap-3 align-items-center mt-2">
        <span>{text}</span>
        <Button size="sm" variant="outline-secondary" onClick={cancel}>
          {t('cancel')}
        </Button>
      </div>
    </section>
  )
}
