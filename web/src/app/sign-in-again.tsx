import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Alert, Button, Form, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api, whenSessionEnds } from '../api/client.ts'
import { Failure } from '../ui/failure.tsx'
import { otherWindowPath, whenOtherWindowIsDone } from './other-window.ts'
import { type SignedInPerson, sessionQuery, signInOptionsQuery, useSession } from './session.tsx'

/**
 * Signs a person in again over the page that they are on when their session ends, so that nothing they typed is lost:
 * the calls that met the end wait, and are repeated afterwards. Only as the same person: another one's answers would go
 * out under the wrong name.
 */
export function SignInAgain() {
  const { t } = useTranslation()
  const person = useSession()
  const waiting = useRef<((signedIn: boolean) => void)[]>([])
  const [show, setShow] = useState(false)
  const signedIn = person !== null

  useEffect(() => {
    if (!signedIn) return whenSessionEnds(undefined)
    whenSessionEnds(() => {
      setShow(true)
      return new Promise((resolve) => waiting.current.push(resolve))
    })
    return () => whenSessionEnds(undefined)
  }, [signedIn])

  const finish = (again: boolean) => {
    setShow(false)
    for (const resolve of waiting.current.splice(0)) resolve(again)
  }
  return (
    <Modal show={show} onHide={() => finish(false)} backdrop="static" centered aria-labelledby="again-title">
      <Modal.Header>
        <Modal.Title id="again-title" as="h2" className="h5">
          {t('sessionEnded')}
        </Modal.Title>
      </Modal.Header>
      {person && <Ways person={person} finish={finish} />}
    </Modal>
  )
}

type WaysProps = { person: SignedInPerson; finish(signedIn: boolean): void }

/** By password, with the provider, or both, as this person is used to. */
function Ways({ person, finish }: WaysProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { email, hasPassword } = person
  const { data: options } = useQuery(signInOptionsQuery)
  const provider = person.followsProvider ? options?.oidc : undefined
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [hint, setHint] = useState<string>()

  const signIn = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password') ?? '')
    setBusy(true)
    setError(undefined)
    try {
      await answer(api.POST('/app/api/auth/sign-in/email', { body: { email, password } }))
      await queries.invalidateQueries(sessionQuery)
      finish(true)
    } catch (reason) {
      setError(reason)
    } finally {
      setBusy(false)
    }
  }
  const withProvider = useOtherWindow(person, provider?.startPath, { finish, setHint, setError })
  return (
    <Form onSubmit={signIn}>
      <Modal.Body>
        <p>
          {provider && !hasPassword
            ? t('sessionEndedProvider', { email, provider: provider.name })
            : t('sessionEndedText', { email })}
        </p>
        <div role="status">{hint && <Alert variant="warning">{hint}</Alert>}</div>
        {error !== undefined && <Failure error={error} />}
        {hasPassword && (
          <Form.Group controlId="again-password">
            <Form.Label>{t('password')}</Form.Label>
            <Form.Control name="password" type="password" autoComplete="current-password" required autoFocus />
          </Form.Group>
        )}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="outline-secondary" onClick={() => finish(false)}>
          {t('notNow')}
        </Button>
        {provider && (
          <Button variant={hasPassword ? 'outline-primary' : 'primary'} onClick={withProvider} autoFocus={!hasPassword}>
            {t('signInWithNamed', { provider: provider.name })}
          </Button>
        )}
        {hasPassword && (
          <Button type="submit" disabled={busy}>
            {t('signIn')}
          </Button>
        )}
      </Modal.Footer>
    </Form>
  )
}

type Tell = { finish(signedIn: boolean): void; setHint(hint: string): void; setError(error: unknown): void }

/** Opens the provider in another window, and looks who is signed in when that window is done. */
function useOtherWindow(person: SignedInPerson, startPath: string | undefined, { finish, setHint, setError }: Tell) {
  const { t } = useTranslation()
  const [stop, setStop] = useState<() => void>()
  useEffect(() => stop, [stop])
  const look = async () => {
    try {
      const { user } = await answer(api.GET('/app/api/auth/get-session'))
      if (user?.id === person.id) finish(true)
      else if (user) setHint(t('sessionOfAnother', { present: user.email, email: person.email }))
      else setHint(t('stillNotSignedIn'))
    } catch (reason) {
      setError(reason)
    }
  }
  return () => {
    const opened = window.open(`${startPath}?to=${encodeURIComponent(otherWindowPath)}`, 'formgate-sign-in')
    if (!opened) setHint(t('popUpBlocked'))
    setStop(() => whenOtherWindowIsDone(look))
  }
}
