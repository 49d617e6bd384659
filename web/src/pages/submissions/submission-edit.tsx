import { useBlocker } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { Button, Spinner } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import type { Answers, Definition, FromFrame } from '../../frame/protocol.ts'
import { useFormat } from '../../i18n/format.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Failure } from '../../ui/failure.tsx'
import { FormFrame, type FormFrameHandle } from '../../ui/form-frame.tsx'
import { ErrorSummary } from './error-summary.tsx'
import type { ReadSubmission } from './submission-queries.ts'
import { useDownloads } from './submission-view.tsx'
import { usePersonText } from './submissions-table.tsx'
import { useSaving } from './use-saving.ts'
import { useUploads } from './use-uploads.ts'

type SubmissionEditProps = { opened: ReadSubmission; onDone(): void }

/** Changes a submission's answers in its own form. Nothing that was typed is lost without a question. */
export function SubmissionEdit({ opened, onDone }: SubmissionEditProps) {
  const { t } = useTranslation('submissions')
  const { submission, version } = opened
  const frame = useRef<FormFrameHandle>(null)
  const place = useRef<HTMLDivElement>(null)
  const [dirty, setDirty] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const saved = useRef(false)
  /** A form's script could say that it is submitted: what nobody asked to save is not saved in their name. */
  const asked = useRef(false)
  const saving = useSaving(opened, frame, () => {
    saved.current = true
    onDone()
  })
  const uploads = useUploads(opened.form.id, frame)
  const downloads = useDownloads(submission.submission.data, uploads.isAdded)
  const blocker = useBlocker({
    shouldBlockFn: () => dirty && !saved.current,
    enableBeforeUnload: () => dirty && !saved.current,
    withResolver: true,
  })

  const keep = (answers: Answers) => {
    asked.current = false
    void saving.save(answers)
  }
  const hear = (message: FromFrame) => {
    if (message.type === 'change') {
      setDirty(true)
      if (submission.draft && asked.current) keep(message.answers)
    } else if (message.type === 'submit') {
      if (asked.current) keep(message.answers)
    } else if (message.type === 'invalid') {
      asked.current = false
      saving.showErrors(message.errors)
    } else if (message.type === 'focused') scrollTo(place.current, message.top)
    else {
      uploads.hear(message)
      downloads.hear(message)
    }
  }
  // A draft need not be complete, so form.io is not asked whether it is.
  const save = async () => {
    await uploads.settled()
    asked.current = true
    frame.current?.send({ type: submission.draft ? 'collect' : 'submit' })
  }
  const busy = saving.busy || uploads.waiting
  return (
    <>
      <ErrorSummary errors={saving.errors} onGo={(path) => frame.current?.send({ type: 'focus', path })} />
      {saving.error !== undefined && (
        <Failure error={saving.error} what={t('notSaved')} texts={{ not_found: t('notFound') }} />
      )}
      {downloads.error !== undefined && <Failure error={downloads.error} what={t('fileNotSaved')} />}
      <div ref={place}>
        <FormFrame
          ref={frame}
          mode="edit"
          title={t('answersOf', { id: submission.confirmationId })}
          // Only definitions that the server took are published.
          definition={version.schema as Definition}
          answers={submission.submission.data}
          files
          onMessage={hear}
        />
      </div>
      <div className="edit-bar">
        <Button onClick={() => void save()} disabled={busy}>
          {busy && <Spinner size="sm" aria-hidden="true" className="me-2" />}
          {t('saveChanges')}
        </Button>
        <Button variant="outline-secondary" disabled={busy} onClick={() => (dirty ? setLeaving(true) : onDone())}>
          {t('stopEditing')}
        </Button>
        <span role="status" className="small text-body-secondary">
          {uploads.waiting ? t('waitingForFiles') : saving.busy ? t('saving') : dirty ? t('unsaved') : ''}
        </span>
      </div>
      <Confirm
        show={leaving || blocker.status === 'blocked'}
        title={t('leaveTitle')}
        action={t('leave')}
        danger
        failed={t('notSaved')}
        onConfirm={async () => {
          saved.current = true
          blocker.proceed?.()
          if (leaving) onDone()
        }}
        onClose={() => {
          setLeaving(false)
          if (!saved.current) blocker.reset?.()
        }}
      >
        {t('leaveText', { id: submission.confirmationId })}
      </Confirm>
      <ConflictQuestion saving={saving} />
    </>
  )
}

function ConflictQuestion({ saving }: { saving: ReturnType<typeof useSaving> }) {
  const { t } = useTranslation('submissions')
  const format = useFormat()
  const person = usePersonText()
  const { conflict } = saving
  const who = conflict && {
    person: person(conflict.updatedBy ?? conflict.createdBy),
    time: format.dateTime(conflict.updatedAt),
  }
  return (
    <Confirm
      show={conflict !== undefined}
      title={t('conflictTitle')}
      action={t('overwrite')}
      danger
      failed={t('notSaved')}
      onConfirm={saving.overwrite}
      onClose={saving.keepEditing}
    >
      <p>{who && t('conflictText', who)}</p>
      <a href={window.location.href} target="_blank" rel="noreferrer">
        {t('seeTheirs')}
      </a>
    </Confirm>
  )
}

/** The page scrolls, not the frame: to where the field stands, with room for its label above it. */
function scrollTo(place: HTMLElement | null, topInFrame: number): void {
  const above = 96
  const frame = place?.querySelector('iframe')
  if (frame) window.scrollTo({ top: window.scrollY + frame.getBoundingClientRect().top + topInFrame - above })
}
