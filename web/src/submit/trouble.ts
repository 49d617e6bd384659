import type { ApiProblem } from '../api/problem.ts'
import type { Form } from './api.ts'
import { make } from './dom.ts'
import type { Place } from './place.ts'
import { addressOf } from './place.ts'
import { t, type Values } from './texts.ts'

/** A form that cannot be filled in, in words for the person who wanted to. */
export type Trouble = {
  title: string
  text: string
  /** What can be done. */
  step?: { text: string; href?: string; blank?: boolean; retry?: boolean } | undefined
  code?: string | undefined
}

/** Why a form that could not be read could not be. */
export function troubleOf({ problem, code, retryAfterSeconds }: ApiProblem, place: Place): Trouble {
  const retry = { text: t('retry'), retry: true }
  if (problem.status === 404 || problem.status === 400) return { title: t('notThereTitle'), text: t('notThereText') }
  if (problem.status === 401) return signInTrouble(place)
  if (problem.status === 403) return { title: t('notInTeamTitle'), text: t('notInTeamText'), code }
  if (problem.status === 429)
    return { title: t('busyTitle'), text: t('busyText', { seconds: retryAfterSeconds ?? 60 }), step: retry }
  if (problem.status === 0) return { title: t('awayTitle'), text: t('awayText'), step: retry }
  return { title: t('brokenTitle'), text: t('brokenText'), step: retry, code }
}

function signInTrouble(place: Place): Trouble {
  const address = addressOf({ ...place, embedded: false }, place.draftId)
  if (place.embedded)
    return {
      title: t('signInTitle'),
      text: t('signInEmbedded'),
      step: { text: t('openInWindow'), href: address, blank: true },
    }
  const href = `/app/sign-in?to=${encodeURIComponent(address)}`
  return { title: t('signInTitle'), text: t('signInText'), step: { text: t('signIn'), href } }
}

/** The address of a draft outlives the draft. */
export function alreadySubmitted(place: Place): Trouble {
  const step = { text: t('another'), href: addressOf(place) }
  return { title: t('alreadySubmittedTitle'), text: t('alreadySubmittedText'), step }
}

/** What the server tells of the schedule, in the place of the form's own. */
type PublicSchedule = { state?: string; opensAt?: string; closingMessage?: string }

/** Why a form that could be read takes no answers, or undefined when it does. */
export function closedBecause(form: Form, dateTime: (iso: string) => string): Trouble | undefined {
  const { state, opensAt, closingMessage } = (form.schedule ?? {}) as PublicSchedule // see publicSchedule in the server
  if (form.versions.length === 0) return { title: t('notPublishedTitle'), text: t('notPublishedText') }
  if (state === 'notYet' && opensAt)
    return { title: t('notYetTitle'), text: t('notYetText', { time: dateTime(opensAt) }) }
  if (state === 'closed') return { title: t('closedTitle'), text: closingMessage || t('closedText') }
  return undefined
}

export function isLate(form: Form): boolean {
  return (form.schedule as PublicSchedule | null)?.state === 'late'
}

export function drawTrouble({ title, text, step, code }: Trouble, retry: () => void): HTMLElement {
  const look = { class: 'btn btn-primary' }
  return make(
    'section',
    { class: 'fill-trouble' },
    make('h2', { class: 'h4', tabindex: '-1' }, title),
    make('p', {}, text),
    step?.href
      ? make('p', {}, make('a', { ...look, href: step.href, ...(step.blank ? { target: '_blank' } : {}) }, step.text))
      : undefined,
    step?.retry ? make('p', {}, make('button', { ...look, type: 'button', click: retry }, step.text)) : undefined,
    code ? make('p', { class: 'fill-code' }, t('problemCode', { code })) : undefined,
  )
}

/** Why answers were not taken, and what is with them now. */
export function notSubmittedBecause({ problem, code, retryAfterSeconds }: ApiProblem): string {
  const values: Values = { seconds: retryAfterSeconds ?? 60, reason: problem.detail ?? problem.title }
  if (problem.status === 0) return t(navigator.onLine ? 'sendUnreachable' : 'sendOffline')
  if (problem.status === 401) return t('sendSignedOut')
  if (problem.status === 429) return t('sendBusy', values)
  if (problem.status === 413) return t('sendTooLarge')
  if (code === 'form_closed') return t('sendClosed', values)
  if (problem.status === 404) return t('sendGone')
  if (problem.status >= 500) return t('sendBroken')
  return t('sendRefused', values)
}
