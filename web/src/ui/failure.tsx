import type { ReactNode } from 'react'
import { Alert, Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../api/problem.ts'
import { useFormat } from '../i18n/format.ts'

type FailureProps = {
  error: unknown
  what?: string | undefined
  retry?: (() => void) | undefined
  /** The page's own words for some codes, where it knows more than the code says. */
  texts?: Record<string, string> | undefined
  children?: ReactNode
}

/** What happened, what to do, and the code small below. `what` says what did not work: "The key was not replaced." */
export function Failure({ error, what, retry, texts, children }: FailureProps) {
  const { t } = useTranslation()
  const { text: general, code } = useProblemText(error)
  const text = (code && texts?.[code]) ?? general
  return (
    <Alert variant="danger" className="failure">
      {what && <p className="fw-semibold mb-1">{what}</p>}
      <p className="mb-1">{text}</p>
      {children}
      {retry && (
        <Button variant="outline-danger" size="sm" onClick={retry} className="mt-1">
          {t('retry')}
        </Button>
      )}
      {code && <p className="failure-code">{t('problemCode', { code })}</p>}
    </Alert>
  )
}

/** The reader's words for an error: by its code from `problems.json`, else what the server said. */
export function useProblemText(error: unknown): { text: string; code: string | undefined } {
  return useExplain()(error)
}

/** The same, for errors that only come later. */
export function useExplain() {
  const { t, i18n } = useTranslation('problems')
  const format = useFormat()
  return (error: unknown): { text: string; code: string | undefined } => {
    if (!(error instanceof ApiProblem)) return { text: t('unexpected'), code: undefined }
    const { code, detail, title } = error.problem
    const wait = format.ahead(error.retryAfterSeconds ?? 60)
    if (i18n.exists(code, { ns: 'problems' })) return { text: t(code, { wait, detail: detail ?? '' }), code }
    return { text: detail ?? title, code }
  }
}
