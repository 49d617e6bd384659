import { openFrame } from '../frame/host.ts'
import type { Definition } from '../frame/protocol.ts'
import { localeFor } from '../i18n/languages.ts'
import { followScheme, shownTheme } from '../theme/color-scheme.ts'
import type { Submission } from './api.ts'
import { button, make } from './dom.ts'
import type { Filling } from './fill-in.ts'
import { focusHeading } from './page.ts'
import { addressOf } from './place.ts'
import { t } from './texts.ts'

/** The end of the story: what was received, under which number, and what the respondent may do now. */
export function showSuccess(filling: Filling, submission: Submission): void {
  const { page, form, place, format } = filling
  const received = t('receivedText', { form: form.name, time: format.fullTime(submission.createdAt) })
  page.heading.textContent = t('received')
  page.heading.classList.remove('visually-hidden')
  page.description.hidden = true
  page.above.replaceChildren()
  page.summary.replaceChildren()
  page.below.replaceChildren()
  document.title = t('pageTitle', { title: t('received') })

  const parts: HTMLElement[] = [make('p', {}, received)]
  const numbered = form.showSubmissionConfirmation !== false
  if (numbered) parts.push(confirmation(submission.confirmationId))
  parts.push(make('h2', { class: 'h5' }, t('nextTitle')))
  parts.push(make('p', {}, t(numbered ? 'nextText' : 'nextTextWithoutId')))
  const another = make('a', { class: 'btn btn-outline-secondary', href: addressOf(place) }, t('another'))
  const actions = make('p', { class: 'fill-actions no-print' }, another)
  const section = make('section', { class: 'fill-success' }, ...parts, actions)
  if (form.hideSubmissionContentOnSuccess !== true) {
    actions.prepend(button(t('print'), 'primary', () => window.print()))
    section.append(answersOf(filling, submission))
  }
  page.form.replaceChildren(section)
  focusHeading(page)
}

function confirmation(confirmationId: string): HTMLElement {
  const copied = make('span', { role: 'status' })
  const copy = async () => {
    const done = await navigator.clipboard?.writeText(confirmationId).then(
      () => true,
      () => false,
    )
    copied.textContent = done ? t('copied') : t('copyFailed')
  }
  return make(
    'p',
    { class: 'confirmation' },
    make('span', { class: 'confirmation-label' }, t('confirmationId')),
    make('strong', {}, confirmationId),
    button(t('copy'), 'outline-secondary no-print', () => void copy(), {
      'aria-label': t('copyWhat', { what: t('confirmationId') }),
    }),
    copied,
  )
}

/** The answers as they were given, to be read and printed. */
function answersOf({ version, language }: Filling, submission: Submission): HTMLElement {
  const title = t('yourAnswers')
  const place = make('div', { class: 'fill-answers' }, make('h2', { class: 'h5' }, title))
  const frame = openFrame(place, {
    title,
    mode: 'view',
    start: {
      mode: 'view',
      definition: version.schema as Definition, // only definitions that the server took are published
      answers: submission.submission.data,
      language: localeFor(language),
      theme: shownTheme(),
    },
    onMessage: () => undefined,
  })
  followScheme((theme) => frame.send({ type: 'theme', theme }))
  return place
}
