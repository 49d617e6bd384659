import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Alert, Button, Form, Spinner } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { ApiProblem, unreachable } from '../../api/problem.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Failure } from '../../ui/failure.tsx'
import { formIdFieldId, keyFieldId } from './credentials-panel.tsx'
import { ParameterFields } from './parameter-fields.tsx'
import { sampleOf } from './schema-outline.ts'
import type { Operation, SpecDocument } from './spec.ts'
import { readReply, type TryReply } from './try-reply.ts'
import { type Credentials, curlLine, type Mistake, prepareRequest } from './try-request.ts'
import { TryResult } from './try-result.tsx'

type TryItProps = { spec: SpecDocument; operation: Operation; credentials: Credentials }

/** Sends one call to this server with the pasted key, and shows what comes back. */
export function TryIt({ spec, operation, credentials }: TryItProps) {
  const { t } = useTranslation('api')
  const [values, setValues] = useState<Record<string, string>>({})
  const [body, setBody] = useState(() => sampleBody(spec, operation))
  const [state, setState] = useState<State>({ kind: 'idle' })
  const [asking, setAsking] = useState(false)
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])

  // The form ID of the credentials stands for the path's, unless another was typed.
  const filled = { 'path:formId': credentials.formId.trim(), ...nonEmpty(values) }
  const prepared = prepareRequest(operation, { values: filled, body }, credentials, location.origin)
  const set = (key: string, value: string) => setValues((before) => ({ ...before, [key]: value }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // A program is not asked, but whoever looks around here may not know what DELETE does.
    if (prepared.kind === 'ready' && operation.method === 'DELETE') setAsking(true)
    else void send()
  }
  const send = async () => {
    if (prepared.kind === 'mistake') return setState(prepared)
    abort.current?.abort()
    abort.current = new AbortController()
    setState({ kind: 'sending' })
    setState(await sendCall(prepared, abort.current.signal))
  }
  const stop = () => {
    abort.current?.abort()
    setState({ kind: 'idle' })
  }
  return (
    <form
      className="try-it"
      onSubmit={submit}
      noValidate
      aria-label={t('tryOperation', { operation: operation.summary })}
    >
      <h4>{t('tryIt')}</h4>
      <ParameterFields operation={operation} needed formId={credentials.formId.trim()} values={values} set={set} />
      <ParameterFields operation={operation} needed={false} formId="" values={values} set={set} />
      {operation.body && (
        <Form.Group controlId={`${operation.id}-body`} className="mb-3">
          <Form.Label>{t('bodyOf', { type: operation.body.mediaType })}</Form.Label>
          <Form.Control
            as="textarea"
            className="font-monospace small"
            rows={Math.min(16, body.split('\n').length + 1)}
            value={body}
            spellCheck={false}
            onChange={(event) => setBody(event.target.value)}
          />
        </Form.Group>
      )}
      <div className="try-buttons">
        <Button type="submit" disabled={state.kind === 'sending'}>
          {t('send', { method: operation.method })}
        </Button>
        {state.kind === 'sending' && (
          <>
            <Button variant="outline-secondary" onClick={stop}>
              {t('stop')}
            </Button>
            <span role="status">
              <Spinner size="sm" aria-hidden="true" /> {t('sending')}
            </span>
          </>
        )}
      </div>
      {state.kind === 'mistake' && prepared.kind === 'mistake' && (
        <MistakeAlert mistake={prepared.mistake} credentials={credentials} />
      )}
      {state.kind === 'failed' && <Failure error={state.error} what={t('noReply')} />}
      {state.kind === 'replied' && <TryResult reply={state.reply} />}
      {prepared.kind === 'ready' && (
        <>
          <h5>{t('asCurl')}</h5>
          <CodeBlock code={curlLine(prepared, credentials.formId)} what={t('asCurl')} />
          <Confirm
            show={asking}
            danger
            title={t('askTitle', { operation: operation.summary })}
            action={t('send', { method: operation.method })}
            failed={t('noReply')}
            onConfirm={send}
            onClose={() => setAsking(false)}
          >
            <p>{t('askText')}</p>
            <p className="text-break">
              <code dir="ltr">{`${prepared.method} ${prepared.url}`}</code>
            </p>
          </Confirm>
        </>
      )}
    </form>
  )
}

type State =
  | { kind: 'idle' }
  | { kind: 'sending' }
  | { kind: 'mistake'; mistake: Mistake }
  | { kind: 'failed'; error: unknown }
  | { kind: 'replied'; reply: TryReply }

async function sendCall(
  {
    url,
    method,
    headers,
    body,
  }: { url: string; method: string; headers: Record<string, string>; body: string | undefined },
  signal: AbortSignal,
): Promise<State> {
  try {
    // Without the session: the call is a program's. And nowhere else, whatever the server answers.
    const response = await fetch(url, {
      method,
      headers,
      signal,
      credentials: 'omit',
      redirect: 'error',
      cache: 'no-store',
      ...(body === undefined ? {} : { body }),
    })
    return { kind: 'replied', reply: await readReply(response) }
  } catch (error) {
    if (signal.aborted) return { kind: 'idle' }
    return { kind: 'failed', error: error instanceof TypeError ? new ApiProblem(unreachable) : error }
  }
}

function MistakeAlert({ mistake, credentials }: { mistake: Mistake; credentials: Credentials }) {
  const { t } = useTranslation('api')
  const isAbove = mistake.code === 'credentialsMissing' || mistake.code === 'colonInFormId'
  const field = mistake.code === 'credentialsMissing' && credentials.formId.trim() !== '' ? keyFieldId : formIdFieldId
  return (
    <Alert variant="warning" className="mt-3">
      {t(`mistake.${mistake.code}`, { ...mistake })}{' '}
      {isAbove && (
        <Button variant="link" className="p-0 align-baseline" onClick={() => document.getElementById(field)?.focus()}>
          {t('goThere')}
        </Button>
      )}
    </Alert>
  )
}

function sampleBody(spec: SpecDocument, { body }: Operation): string {
  if (!body) return ''
  return JSON.stringify(body.example ?? sampleOf(spec, body.schema), null, 2)
}

const nonEmpty = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
