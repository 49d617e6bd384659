import './submissions.scss'
import './submission.scss'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormId, useMay } from '../../app/form.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { History } from './history.tsx'
import { printForm } from './printing.ts'
import { StatusPanel } from './status-panel.tsx'
import { SubmissionEdit } from './submission-edit.tsx'
import { SubmissionFacts } from './submission-facts.tsx'
import {
  historyQuery,
  type LastTable,
  lastTableKey,
  type ReadSubmission,
  submissionQuery,
} from './submission-queries.ts'
import { SubmissionView } from './submission-view.tsx'
import { useMarking } from './use-marking.ts'

export function SubmissionPage() {
  const { t } = useTranslation('submissions')
  const { s: submissionId } = useSearch({ from: '/signed-in/form/app/form/view' })
  const formId = useFormId()
  const read = useQuery(submissionQuery(submissionId))
  if (read.isPending) return <Loading rows={8} />
  // Another form's submission is none of this form's pages, even for whoever may read both.
  if (!read.data || read.data.form.id !== formId) {
    return (
      <Page title={t('notShownTitle')} width="text">
        {read.error ? (
          <Failure error={read.error} texts={{ not_found: t('notFound') }} retry={() => void read.refetch()} />
        ) : (
          <p>{t('notFound')}</p>
        )}
        <BackToTable />
      </Page>
    )
  }
  return <OneSubmission key={submissionId} read={read.data} />
}

function OneSubmission({ read }: { read: ReadSubmission }) {
  const { t } = useTranslation('submissions')
  const { submission } = read
  const [editing, setEditing] = useState<ReadSubmission>()
  const frame = useRef<HTMLDivElement>(null)
  const history = useQuery(historyQuery(submission.id))
  const code = history.data?.entries.find((entry) => entry.kind === 'status')?.code ?? null
  return (
    <Page
      title={t('submissionTitle', { id: submission.confirmationId })}
      lead={<SubmissionFacts read={read} code={code} known={history.isSuccess} />}
      actions={
        !editing && (
          <Actions
            read={read}
            onEdit={() => setEditing(read)}
            onPrint={() => frame.current && printForm(frame.current)}
          />
        )
      }
    >
      <div className="submission-columns">
        <div className="submission-form" ref={frame}>
          {editing ? (
            <SubmissionEdit opened={editing} onDone={() => setEditing(undefined)} />
          ) : (
            <SubmissionView key={submission.updatedAt} read={read} />
          )}
        </div>
        <div className="submission-side no-print">
          <StatusPanel read={read} code={code} />
          <History history={history} />
        </div>
      </div>
      <Neighbours id={submission.id} />
    </Page>
  )
}

type ActionsProps = { read: ReadSubmission; onEdit(): void; onPrint(): void }

function Actions({ read: { submission }, onEdit, onPrint }: ActionsProps) {
  const { t } = useTranslation('submissions')
  const may = useMay()
  const { mark, busy } = useMarking(useFormId())
  const { id, deleted } = submission
  return (
    <>
      {may('submission_update') && !deleted && <Button onClick={onEdit}>{t('edit')}</Button>}
      <Button variant="outline-secondary" onClick={onPrint}>
        {t('print')}
      </Button>
      {may('submission_delete') && (
        <Button
          variant={deleted ? 'outline-primary' : 'outline-danger'}
          disabled={busy}
          onClick={() => mark([id], !deleted)}
        >
          {deleted ? t('restore') : t('delete')}
        </Button>
      )}
      {!(may('submission_update') && may('submission_delete')) && (
        <p className="small text-body-secondary mb-0 align-self-center">{t('mayOnlyRead')}</p>
      )}
    </>
  )
}

/** Back to the table as it was, and to what stands before and after this submission there. */
function Neighbours({ id }: { id: string }) {
  const { t } = useTranslation('submissions')
  const formId = useFormId()
  const last = useQueryClient().getQueryData<LastTable>(lastTableKey(formId))
  const place = last?.ids.indexOf(id) ?? -1
  const link = (to: string | undefined, text: string) =>
    place >= 0 &&
    to !== undefined && (
      <Link to="/app/form/view" search={{ f: formId, s: to }} className="btn btn-outline-secondary btn-sm">
        {text}
      </Link>
    )
  return (
    <nav className="submission-neighbours no-print" aria-label={t('neighbours')}>
      <BackToTable />
      {link(last?.ids[place - 1], t('previousSubmission'))}
      {link(last?.ids[place + 1], t('nextSubmission'))}
    </nav>
  )
}

function BackToTable() {
  const { t } = useTranslation('submissions')
  const formId = useFormId()
  const last = useQueryClient().getQueryData<LastTable>(lastTableKey(formId))
  return (
    <Link to="/app/form/submissions" search={{ f: formId, ...last?.address }}>
      {t('backToTable')}
    </Link>
  )
}
