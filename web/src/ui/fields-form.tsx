import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Button, Form, Spinner } from 'react-bootstrap'
import { ApiProblem } from '../api/problem.ts'
import { Failure } from './failure.tsx'
import { PasswordInput } from './password-input.tsx'

export type Field = {
  name: string
  label: string
  type: 'text' | 'email' | 'password'
  autoComplete: string
  help?: string
  /** Shown and sent to password managers, not to be changed. */
  fixed?: string
  initial?: string
  /** What is wrong with a value, if anything. */
  check(value: string): string | undefined
  /** What to say when the server does not take the value. */
  refused: string
}

type FieldsFormProps = {
  fields: Field[]
  action: string
  /** What did not happen, should it fail: "No account was made." */
  failed: string
  /** The page's own words for some problem codes. */
  texts?: Record<string, string>
  /** Stands between the fields and the button, or beside the button. */
  children?: ReactNode
  besides?: ReactNode
  autoFocus?: boolean
  /** Whose password this is, for password managers. */
  accountName?: string
  onSubmit(values: Record<string, string>): Promise<unknown>
}

/** A short form: each mistake stands at its field, the first of them takes the focus, and nothing typed is lost. */
export function FieldsForm(props: FieldsFormProps) {
  const { fields, action, failed, texts, children, besides, autoFocus, accountName, onSubmit } = props
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const [mistakes, setMistakes] = useState<Record<string, string>>({})
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const first = fields.find((field) => field.fixed === undefined)?.name

  useEffect(() => {
    if (Object.keys(mistakes).length === 0) return
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [mistakes])

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy) return
    const values = valuesOf(fields, new FormData(event.currentTarget))
    const found = check(fields, values)
    setMistakes(found)
    setError(undefined)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    try {
      await onSubmit(values)
    } catch (reason) {
      const refused = refusedFields(fields, reason)
      if (Object.keys(refused).length > 0) setMistakes(refused)
      else setError(reason)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Form ref={form} noValidate onSubmit={submit} className="fields-form">
      <div role="alert">{error !== undefined && <Failure error={error} what={failed} texts={texts} />}</div>
      {accountName && (
        <input className="d-none" type="text" autoComplete="username" value={accountName} readOnly tabIndex={-1} />
      )}
      {fields.map((field) => (
        <FieldRow
          key={field.name}
          id={`${id}${field.name}`}
          field={field}
          mistake={mistakes[field.name]}
          autoFocus={autoFocus === true && field.name === first}
        />
      ))}
      {children}
      <div className="d-flex flex-wrap gap-3 align-items-center">
        <Button type="submit" aria-disabled={busy}>
          {busy && <Spinner size="sm" aria-hidden="true" className="me-2" />}
          {action}
        </Button>
        {besides}
      </div>
    </Form>
  )
}

type FieldRowProps = { id: string; field: Field; mistake: string | undefined; autoFocus: boolean }

function FieldRow({ id, field, mistake, autoFocus }: FieldRowProps) {
  const { name, label, type, autoComplete, help, fixed, initial } = field
  const described = [help && `${id}-help`, mistake && `${id}-mistake`].filter(Boolean).join(' ')
  const control = {
    name,
    autoComplete,
    autoFocus,
    isInvalid: mistake !== undefined,
    'aria-invalid': mistake !== undefined,
    'aria-required': true,
    ...(described ? { 'aria-describedby': described } : {}),
  }
  return (
    <Form.Group controlId={id} className="mb-3">
      <Form.Label>{label}</Form.Label>
      {type === 'password' ? (
        <PasswordInput {...control} />
      ) : (
        <Form.Control
          {...control}
          type={type}
          defaultValue={fixed ?? initial ?? ''}
          readOnly={fixed !== undefined}
          {...(type === 'email' ? { spellCheck: false, autoCapitalize: 'none' } : {})}
        />
      )}
      {help && <Form.Text id={`${id}-help`}>{help}</Form.Text>}
      {mistake && (
        <p id={`${id}-mistake`} className="text-danger small mb-0 mt-1">
          {mistake}
        </p>
      )}
    </Form.Group>
  )
}

function valuesOf(fields: Field[], form: FormData): Record<string, string> {
  return Object.fromEntries(
    fields.map(({ name, type }) => {
      const value = String(form.get(name) ?? '')
      return [name, type === 'password' ? value : value.trim()]
    }),
  )
}

function check(fields: Field[], values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const mistake = field.check(values[field.name] ?? '')
      return mistake === undefined ? [] : [[field.name, mistake]]
    }),
  )
}

/** What the server found in these fields, in the reader's words. */
function refusedFields(fields: Field[], error: unknown): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {}
  const paths = new Set(error.problem.errors?.map(({ path }) => path))
  return Object.fromEntries(fields.filter(({ name }) => paths.has(name)).map(({ name, refused }) => [name, refused]))
}
