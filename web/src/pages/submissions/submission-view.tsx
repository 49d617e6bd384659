import { useEffect, useMemo, useRef, useState } from 'react'
import { Alert } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { isPressed } from '../../frame/activation.ts'
import type { Definition, FromFrame } from '../../frame/protocol.ts'
import { Failure } from '../../ui/failure.tsx'
import { FormFrame } from '../../ui/form-frame.tsx'
import { keepTogetherInPrint } from './printing.ts'
import type { ReadSubmission } from './submission-queries.ts'
import { fileIdsIn, saveFile } from './submitted-files.ts'

/** A submission in its form's own layout, by the version that it was made with. */
export function SubmissionView({ read: { submission, version } }: { read: ReadSubmission }) {
  const { t } = useTranslation('submissions')
  const place = useRef<HTMLDivElement>(null)
  const { error, hear } = useDownloads(submission.submission.data)
  useEffect(() => (place.current ? keepTogetherInPrint(place.current) : undefined), [])
  return (
    <>
      {submission.test && <Alert variant="info">{t('isTest')}</Alert>}
      {submission.deleted && <Alert variant="warning">{t('isDeleted')}</Alert>}
      {submission.draft && <Alert variant="info">{t('isDraft')}</Alert>}
      {error !== undefined && <Failure error={error} what={t('fileNotSaved')} />}
      <div ref={place}>
        <FormFrame
          mode="view"
          title={t('answersOf', { id: submission.confirmationId })}
          // Only definitions that the server took are published.
          definition={version.schema as Definition}
          answers={submission.submission.data}
          onMessage={hear}
        />
      </div>
    </>
  )
}

/**
 * Saves the files that the answers name when they are clicked in the frame, one after the other.
 * @param isAdded whether a file was added to the answers since
 */
export function useDownloads(answers: unknown, isAdded: (fileId: string) => boolean = () => false) {
  const known = useMemo(() => fileIdsIn(answers), [answers])
  const [error, setError] = useState<unknown>()
  const busy = useRef(false)
  const hear = async (message: FromFrame) => {
    if (message.type !== 'download' || !isPressed() || busy.current) return
    if (!known.has(message.fileId.toLowerCase()) && !isAdded(message.fileId)) return
    busy.current = true
    setError(undefined)
    try {
      await saveFile(message.fileId, message.name)
    } catch (reason) {
      setError(reason)
    } finally {
      busy.current = false
    }
  }
  return { error, hear: (message: FromFrame) => void hear(message) }
}
