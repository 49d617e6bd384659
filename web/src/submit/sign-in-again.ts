import type { Api, Person, Session } from './api.ts'
import { asProblem } from './api.ts'
import { openDialog } from './dialog.ts'
import { button, make } from './dom.ts'
import { t } from './texts.ts'

/**
 * Signs a person in again over the form when their session has ended; resolves to whether it worked. Only as the same
 * person: another one's answers would go out under the wrong name.
 */
export function signInAgain(api: Api, person: Person): Promise<boolean> {
  return new Promise((resolve) => {
    const trouble = make('p', { class: 'text-danger', role: 'alert' })
    const password = make('input', {
      id: 'again-password',
      type: 'password',
      class: 'form-control',
      autocomplete: 'current-password',
      required: true,
      autofocus: true,
    })
    const form = make(
      'form',
      { class: 'dialog-form', submit: (event) => void signIn(event) },
      make('label', { class: 'form-label', for: 'again-password' }, t('password')),
      password,
      make('button', { type: 'submit', class: 'btn btn-primary' }, t('signIn')),
    )
    const otherWay = make(
      'p',
      {},
      make('a', { href: '/app/sign-in', target: '_blank' }, t('signInElsewhere')),
      ' ',
      button(t('signedInElsewhere'), 'link', () => void check()),
    )
    const later = button(t('notNow'), 'outline-secondary', () => dialog.close())
    const choices = make('div', { class: 'dialog-choices' }, later)
    const words = make('p', {}, t('sessionEndedText', { email: person.email }))
    const dialog = openDialog(t('sessionEnded'), words, trouble, form, otherWay, choices)
    let signedIn = false
    dialog.addEventListener('close', () => resolve(signedIn))

    async function signIn(event: Event): Promise<void> {
      event.preventDefault()
      try {
        await api('/app/api/auth/sign-in/email', {
          method: 'POST',
          body: { email: person.email, password: password.value },
        })
        await check()
      } catch (error) {
        const { problem, retryAfterSeconds } = asProblem(error)
        if (problem.status === 401) trouble.textContent = t('wrongPassword')
        else if (problem.status === 429) trouble.textContent = t('busyText', { seconds: retryAfterSeconds ?? 60 })
        else trouble.textContent = t('awayText')
        password.select()
      }
    }

    async function check(): Promise<void> {
      const { user } = await api<Session>('/app/api/auth/get-session').catch(() => ({ user: null }))
      signedIn = user?.id === person.id
      if (signedIn) return dialog.close()
      trouble.textContent = user ? t('someoneElse', { email: user.email, expected: person.email }) : t('notSignedInYet')
    }
  })
}
