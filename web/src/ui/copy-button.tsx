import { type Ref, useEffect, useState } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'

type CopyButtonProps = {
  /** A function for what has to be fetched first; it says itself when that fails, and gives undefined. */
  text: string | (() => Promise<string | undefined>)
  what: string
  size?: 'sm'
  autoFocus?: boolean
  variant?: string
  ref?: Ref<HTMLButtonElement>
}

/** Copies `text`. `what` completes the button's name for screen readers: "Copy form ID". */
export function CopyButton({ text, what, size, autoFocus, variant = 'outline-secondary', ref }: CopyButtonProps) {
  const { t } = useTranslation()
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready')
  useEffect(() => {
    if (state === 'ready') return
    const timer = setTimeout(() => setState('ready'), 2500)
    return () => clearTimeout(timer)
  }, [state])
  const copy = async () => {
    const copied = typeof text === 'string' ? await copyText(text) : await copyFetched(text())
    setState(copied === undefined ? 'ready' : copied ? 'copied' : 'failed')
  }
  return (
    <>
      <Button
        {...(ref ? { ref } : {})}
        variant={variant}
        {...(size ? { size } : {})}
        onClick={copy}
        autoFocus={autoFocus === true}
        aria-label={t('copyWhat', { what })}
      >
        {state === 'copied' ? t('copied') : t('copy')}
      </Button>
      <span role="status" className="visually-hidden">
        {state === 'copied' ? t('copiedWhat', { what }) : ''}
      </span>
      {state === 'failed' && <span className="text-danger small">{t('copyFailed')}</span>}
    </>
  )
}

/** By the clipboard's API, which needs HTTPS or localhost; else by selecting a hidden field. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const focused = document.activeElement
    const field = document.createElement('textarea')
    field.value = text
    field.className = 'visually-hidden'
    document.body.append(field)
    field.select()
    const done = document.execCommand('copy')
    field.remove()
    if (focused instanceof HTMLElement) focused.focus()
    return done
  }
}

/** Undefined when there was nothing to copy. */
async function copyFetched(fetched: Promise<string | undefined>): Promise<boolean | undefined> {
  // Safari forgets the click while one waits, unless the clipboard is given the promise at once.
  const written = await writePromise(fetched).catch(() => false)
  const text = await fetched
  if (text === undefined) return undefined
  return written || copyText(text)
}

async function writePromise(fetched: Promise<string | undefined>): Promise<boolean> {
  const blob = fetched.then((text) => {
    if (text === undefined) throw new Error('Nothing to copy')
    return new Blob([text], { type: 'text/plain' })
  })
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })])
  return true
}
