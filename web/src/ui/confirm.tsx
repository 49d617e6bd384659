import { type ReactNode, type RefObject, useRef, useState } from 'react'
import { Button, Modal, Spinner } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../api/problem.ts'
import { Failure } from './failure.tsx'

type ConfirmProps = {
  show: boolean
  title: string
  /** Names the thing and the consequence. */
  children: ReactNode
  /** What the button does: "Regenerate API key". */
  action: string
  danger?: boolean
  /** What did not happen, should it fail: "The key was not replaced." */
  failed: string
  /** What to say instead where no answer came, if it may have been done all the same. */
  unanswered?: string
  onConfirm(): Promise<unknown>
  onClose(): void
  /** The dialog has left the screen. */
  onGone?(): void
  /** Where the focus goes once it was done, when it should not go back to the button that asked. */
  focusAfter?: RefObject<HTMLElement | null>
}

/** Asks before what cannot be undone. The safe answer has the focus; while it works, nothing else can be pressed. */
export function Confirm(props: ConfirmProps) {
  const { show, title, children, action, danger, failed, unanswered, onConfirm, onClose, onGone, focusAfter } = props
  const { t } = useTranslation()
  const done = useRef(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const close = () => {
    if (busy) return
    setError(undefined)
    onClose()
  }
  const confirm = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      done.current = true
      onClose()
    } catch (reason) {
      setError(reason)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      show={show}
      onHide={close}
      centered
      aria-labelledby="confirm-title"
      onShow={() => {
        done.current = false
      }}
      // After the dialog gave the focus back, which it does when it is gone.
      onExited={() => {
        if (done.current) setTimeout(() => focusAfter?.current?.focus())
        onGone?.()
      }}
    >
      <Modal.Header>
        <Modal.Title id="confirm-title" as="h2" className="h5">
          {title}
        </Modal.Title>
      </Modal.Header>
      <Modal.Body>
        {children}
        {error !== undefined && <Failure error={error} what={isUnanswered(error) ? (unanswered ?? failed) : failed} />}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="outline-secondary" onClick={close} disabled={busy} autoFocus>
          {t('cancel')}
        </Button>
        <Button variant={danger ? 'danger' : 'primary'} onClick={confirm} disabled={busy}>
          {busy && <Spinner size="sm" aria-hidden="true" className="me-2" />}
          {action}
        </Button>
      </Modal.Footer>
    </Modal>
  )
}

function isUnanswered(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.status === 0
}
