import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react'
import { Button, Toast, ToastContainer } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'

type Notice = { id: number; text: string; undo?: (() => void) | undefined; variant: 'done' | 'failed' }
type Tell = {
  /** Says that something was done; with `undo`, it can be taken back for a while. */
  done(text: string, undo?: () => void): void
  failed(text: string): void
}

const Context = createContext<Tell | undefined>(undefined)

export function useNotices(): Tell {
  const tell = useContext(Context)
  if (!tell) throw new Error('There are no notices outside of the shell.')
  return tell
}

export function Notices({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const [notices, setNotices] = useState<Notice[]>([])
  const lastId = useRef(0)
  const remove = useCallback((id: number) => setNotices((all) => all.filter((each) => each.id !== id)), [])
  const add = useCallback((notice: Omit<Notice, 'id'>) => {
    lastId.current += 1
    const id = lastId.current
    setNotices((all) => [...all.slice(-2), { ...notice, id }])
  }, [])
  const tell = useMemo<Tell>(
    () => ({
      done: (text, undo) => add({ text, undo, variant: 'done' }),
      failed: (text) => add({ text, variant: 'failed' }),
    }),
    [add],
  )
  return (
    <Context value={tell}>
      {children}
      <ToastContainer position="bottom-center" className="notices p-3 position-fixed">
        {notices.map(({ id, text, undo, variant }) => (
          <Toast
            key={id}
            onClose={() => remove(id)}
            // What failed, or can be undone, is not taken away while somebody reads it.
            autohide={variant === 'done'}
            delay={undo ? 15_000 : 6000}
            className={variant === 'failed' ? 'border-danger' : ''}
          >
            <Toast.Body className="d-flex align-items-center gap-3">
              <span className="flex-grow-1">{text}</span>
              {undo && (
                <Button
                  size="sm"
                  variant="outline-primary"
                  onClick={() => {
                    remove(id)
                    undo()
                  }}
                >
                  {t('undo')}
                </Button>
              )}
              <Button size="sm" variant="link" onClick={() => remove(id)}>
                {t('close')}
              </Button>
            </Toast.Body>
          </Toast>
        ))}
      </ToastContainer>
    </Context>
  )
}
