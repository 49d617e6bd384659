import { useQueryClient } from '@tanstack/react-query'
import { type RefObject, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import type { Answers, FieldError } from '../../frame/protocol.ts'
import type { FormFrameHandle } from '../../ui/form-frame.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { type ReadSubmission, submissionQuery } from './submission-queries.ts'

type Stored = ReadSubmission['submission']

/**
 * Saves what was edited. What somebody else changed meanwhile is not overwritten unasked: the submission is read once more
 * before it is written, and a difference becomes a question.
 */
export function useSaving(opened: ReadSubmission, frame: RefObject<FormFrameHandle | null>, onSaved: () => void) {
  const { t } = useTranslation('submissions')
  const queries = useQueryClient()
  const notices = useNotices()
  const { id } = opened.submission
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [errors, setErrors] = useState<FieldError[]>([])
  const [conflict, setConflict] = useState<Stored>()
  const given = useRef<Answers>({})

  const write = async () => {
    const { draft, submission } = opened.submission
    const path = { formSubmissionId: id }
    const body = { draft, submission: { ...submission, data: given.current } }
    const written = await answer(api.PUT('/app/api/v1/submissions/{formSubmissionId}', { params: { path }, body }))
    queries.setQueryData(submissionQuery(id).queryKey, written)
    void queries.invalidateQueries({ queryKey: ['submission', id] })
    void queries.invalidateQueries({ queryKey: ['submissions', opened.form.id, 'list'] })
    notices.done(t('changesSaved'))
    onSaved()
  }
  const refused = (reason: unknown) => {
    frame.current?.send({ type: 'submitted', ok: false })
    if (!(reason instanceof ApiProblem) || reason.code !== 'invalid_submission') return setError(reason)
    const found = (reason.problem.errors ?? []).map(({ path = '', message }) => ({ path, label: '', message }))
    frame.current?.send({ type: 'errors', errors: found })
    setErrors(found)
  }
  const attempt = async (act: () => Promise<void>) => {
    if (busy) return
    setBusy(true)
    setError(undefined)
    setErrors([])
    try {
      await act()
    } catch (reason) {
      refused(reason)
    } finally {
      setBusy(false)
    }
  }
  const save = (answers: Answers) =>
    attempt(async () => {
      given.current = answers
      const { submission: now } = await queries.fetchQuery({ ...submissionQuery(id), staleTime: 0 })
      if (now.updatedAt === opened.submission.updatedAt) return write()
      frame.current?.send({ type: 'submitted', ok: false })
      setConflict(now)
    })
  return {
    busy,
    error,
    errors,
    showErrors: setErrors,
    save,
    conflict,
    overwrite: () => attempt(write),
    keepEditing: () => setConflict(undefined),
  }
}
