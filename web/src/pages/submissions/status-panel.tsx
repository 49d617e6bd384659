import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button, Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { useForm, useMay } from '../../app/form.ts'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { StatusBadge, useStatusText } from './status-badge.tsx'
import { type ReadSubmission, statusCodesQuery } from './submission-queries.ts'

type StatusPanelProps = { read: ReadSubmission; code: string | null }

/** Where a submission stands in the team's work, and where it goes next. */
export function StatusPanel({ read, code }: StatusPanelProps) {
  const { t } = useTranslation('submissions')
  const form = useForm()
  const may = useMay()
  const { deleted } = read.submission
  if (!form.enableStatusUpdates) return null
  const reason = code === null ? t('noStatusYet') : deleted ? t('deletedStatus') : undefined
  return (
    <section className="panel" aria-labelledby="status-title">
      <h2 className="h5" id="status-title">
        {t('column.formSubmissionStatusCode')}
      </h2>
      <p>
        <StatusBadge code={code} />
      </p>
      {!may('submission_review') && <p className="small mb-0">{t('mayNotReview')}</p>}
      {may('submission_review') && reason && <p className="small mb-0">{reason}</p>}
      {may('submission_review') && !reason && code !== null && <NextStatus key={code} read={read} code={code} />}
    </section>
  )
}

function NextStatus({ read: { submission }, code }: { read: ReadSubmission; code: string }) {
  const { t } = useTranslation('submissions')
  const { id: formId } = useForm()
  const text = useStatusText()
  const codes = useQuery(statusCodesQuery(formId))
  const [next, setNext] = useState('')
  const [assignee, setAssignee] = useState('')
  const setting = useSetStatus(formId, submission.id)
  if (codes.isPending) return <Loading rows={2} />
  if (codes.error) return <Failure error={codes.error} retry={() => void codes.refetch()} />

  const offered = codes.data.map((each) => each.code)
  const nextCodes = codes.data.find((each) => each.code === code)?.statusCode.nextCodes ?? []
  const choices = nextCodes.filter((each) => offered.includes(each))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setting.mutate({ code: next, ...(next === 'ASSIGNED' ? { assignedToUserId: assignee } : {}) })
  }
  return (
    <Form onSubmit={submit}>
      <Form.Group controlId="next-status" className="mb-3">
        <Form.Label>{t('nextStatus')}</Form.Label>
        <Form.Select value={next} onChange={({ target }) => setNext(target.value)} required>
          <option value="">{t('choose')}</option>
          {choices.map((each) => (
            <option key={each} value={each}>
              {text(each)}
            </option>
          ))}
        </Form.Select>
        {next === 'REVISING' && <Form.Text>{t('revisingHint')}</Form.Text>}
      </Form.Group>
      {next === 'ASSIGNED' && <Assignee formId={formId} value={assignee} onChange={setAssignee} />}
      {setting.error && <Failure error={setting.error} what={t('statusNotSet')} />}
      <Button type="submit" size="sm" disabled={setting.isPending}>
        {t('setStatus')}
      </Button>
    </Form>
  )
}

type AssigneeProps = { formId: string; value: string; onChange(userId: string): void }

/** Whoever may review submissions of this form can get one assigned. */
function Assignee({ formId, value, onChange }: AssigneeProps) {
  const { t } = useTranslation('submissions')
  const team = useQuery({
    queryKey: ['form', formId, 'reviewers'],
    queryFn: () =>
      answer(api.GET('/app/api/v1/rbac/forms', { params: { query: { formId, permissions: 'submission_review' } } })),
  })
  if (team.isPending) return <Loading rows={1} />
  if (team.error) return <Failure error={team.error} retry={() => void team.refetch()} />
  return (
    <Form.Group controlId="assignee" className="mb-3">
      <Form.Label>{t('assignee')}</Form.Label>
      <Form.Select value={value} onChange={({ target }) => onChange(target.value)} required>
        <option value="">{t('choose')}</option>
        {team.data.map(({ userId, fullName, email }) => (
          <option key={userId} value={userId}>
            {t('memberName', { name: fullName, email })}
          </option>
        ))}
      </Form.Select>
    </Form.Group>
  )
}

function useSetStatus(formId: string, formSubmissionId: string) {
  const { t } = useTranslation('submissions')
  const queries = useQueryClient()
  const notices = useNotices()
  const text = useStatusText()
  return useMutation({
    mutationFn: (body: { code: string; assignedToUserId?: string }) =>
      answer(
        api.POST('/app/api/v1/submissions/{formSubmissionId}/status', { params: { path: { formSubmissionId } }, body }),
      ),
    onSuccess: (_, { code }) => notices.done(t('statusSet', { status: text(code) })),
    // After a refusal too: what the page shows may be older than what the server has.
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['submission', formSubmissionId] })
      void queries.invalidateQueries({ queryKey: ['submissions', formId, 'list'] })
    },
  })
}
