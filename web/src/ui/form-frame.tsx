import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { Spinner } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { type FrameHandle, openFrame } from '../frame/host.ts'
import type { Answers, Definition, FrameMode, FromFrame, ToFrame } from '../frame/protocol.ts'
import { localeFor } from '../i18n/languages.ts'
import { followScheme, shownTheme } from '../theme/color-scheme.ts'
import { Failure } from './failure.tsx'

export type FormFrameHandle = { send(message: ToFrame): void }

type FormFrameProps = {
  mode: FrameMode
  definition: Definition
  answers?: Answers | undefined
  files?: boolean
  title: string
  onMessage?(message: FromFrame): void
  ref?: Ref<FormFrameHandle>
}

/**
 * form.io in its frame. It starts once with the definition and answers of the first rendering; a later definition goes in
 * by `ref.send`. Give it a new `key` to start afresh.
 */
export function FormFrame({ mode, definition, answers, files, title, onMessage, ref }: FormFrameProps) {
  const { i18n, t } = useTranslation()
  const container = useRef<HTMLDivElement>(null)
  const handle = useRef<FrameHandle>(undefined)
  const listener = useRef(onMessage)
  const first = useRef({ mode, definition, answers, files, title, language: localeFor(i18n.language) })
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading')
  const [problem, setProblem] = useState('')
  listener.current = onMessage

  useEffect(() => {
    if (!container.current) return
    const { title, answers, files, ...options } = first.current
    const opened = openFrame(container.current, {
      title,
      start: { ...options, theme: shownTheme(), ...(answers ? { answers } : {}), ...(files ? { files } : {}) },
      onMessage(message) {
        if (message.type === 'rendered') setState('shown')
        if (message.type === 'failed') {
          setState('failed')
          setProblem(message.message)
        }
        listener.current?.(message)
      },
    })
    handle.current = opened
    const unfollow = followScheme((theme) => opened.send({ type: 'theme', theme }))
    return () => {
      unfollow()
      opened.close()
    }
  }, [])
  useImperativeHandle(ref, () => ({ send: (message) => handle.current?.send(message) }), [])

  return (
    <>
      {state === 'loading' && (
        <p role="status" className="d-flex align-items-center gap-2 text-body-secondary">
          <Spinner size="sm" aria-hidden="true" /> {t('formLoading')}
        </p>
      )}
      {state === 'failed' && <Failure error={undefined} what={t('formFailed', { reason: problem })} />}
      <div ref={container} className={state === 'shown' ? 'form-frame-host' : 'form-frame-host form-frame-waiting'} />
    </>
  )
}
