import { type FormEvent, useRef, useState } from 'react'
import { Button, Form, Modal, Spinner } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import { Failure } from '../../ui/failure.tsx'
import { formNameMax } from '../design/definition.ts'
import { accessModeOf } from '../settings/access-mode.ts'
import { AccessModeChoice } from '../settings/access-mode-choice.tsx'
import { type NewFormFields, useCreateForm } from './form-queries.ts'
import type { Origin } from './origin.ts'

type NewFormDialogProps = { origin: Origin | undefined; onClose(): void; onMade(formId: string): void }

/** Asks what a new form, an imported one or a copy is called, what it is for and who may submit. */
export function NewFormDialog({ origin, onClose, onMade }: NewFormDialogProps) {
  const [busy, setBusy] = useState(false)
  // While the dialog fades away it still says what it said.
  const last = useRef<Origin>(undefined)
  if (origin) last.current = origin
  return (
    <Modal
      show={origin !== undefined}
      onHide={() => !busy && onClose()}
      backdrop="static"
      aria-labelledby="new-form-title"
      onExited={() => {
        last.current = undefined
      }}
    >
      {last.current && <NewForm origin={last.current} busy={busy} onBusy={setBusy} onClose={onClose} onMade={onMade} />}
    </Modal>
  )
}

type NewFormProps = {
  origin: Origin
  busy: boolean
  onBusy(busy: boolean): void
  onClose(): void
  onMade(formId: string): void
}

function NewForm({ origin, busy, onBusy, onClose, onMade }: NewFormProps) {
  const { t } = useTranslation('forms')
  const create = useCreateForm()
  const [fields, setFields] = useState(() => startOf(origin, (name) => t('copyName', { name })))
  const [tried, setTried] = useState(false)
  const [error, setError] = useState<unknown>()
  const name = useRef<HTMLInputElement>(null)
  const set = (change: Partial<NewFormFields>) => setFields({ ...fields, ...change })
  const mistake = tried && fields.name.trim() === '' ? t('nameMissing') : refusedAt('name', error)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (busy) return
    if (fields.name.trim() === '') return name.current?.focus()
    onBusy(true)
    setError(undefined)
    try {
      onMade(await create(fields, origin))
    } catch (reason) {
      setError(reason)
    } finally {
      onBusy(false)
    }
  }
  const titles = {
    nothing: t('newForm'),
    file: t('importTitle', { file: origin.kind === 'file' ? origin.fileName : '' }),
    copy: t('copyTitle', { form: origin.kind === 'copy' ? origin.form.formName : '' }),
  }
  return (
    <Form noValidate onSubmit={(event) => void submit(event)}>
      <Modal.Header>
        <Modal.Title id="new-form-title" as="h2" className="h5">
          {titles[origin.kind]}
        </Modal.Title>
      </Modal.Header>
      <Modal.Body>
        <div role="alert">{error !== undefined && <Failure error={error} what={t('notMade')} />}</div>
        {origin.kind === 'copy' && <p>{t('copyText')}</p>}
        <Form.Group controlId="new-form-name" className="mb-3">
          <Form.Label>{t('name')}</Form.Label>
          <Form.Control
            ref={name}
            autoFocus
            autoComplete="off"
            value={fields.name}
            maxLength={formNameMax}
            aria-required
            isInvalid={mistake !== undefined}
            aria-describedby={mistake === undefined ? undefined : 'new-form-mistake'}
            onChange={(event) => set({ name: event.target.value })}
          />
          <Form.Control.Feedback type="invalid" id="new-form-mistake">
            {mistake}
          </Form.Control.Feedback>
        </Form.Group>
        <Form.Group controlId="new-form-description" className="mb-4">
          <Form.Label>{t('description')}</Form.Label>
          <Form.Control
            as="textarea"
            rows={2}
            value={fields.description}
            maxLength={255}
            onChange={(event) => set({ description: event.target.value })}
          />
          <Form.Text>{t('descriptionHelp')}</Form.Text>
        </Form.Group>
        <AccessModeChoice mode={fields.access} onChoose={(access) => set({ access })} />
        <p className="small text-body-secondary mb-0">{t('changeLater')}</p>
      </Modal.Body>
      <Modal.Footer>
        <Button variant="outline-secondary" onClick={onClose} disabled={busy}>
          {t('cancel', { ns: 'common' })}
        </Button>
        <Button type="submit" aria-disabled={busy}>
          {busy && <Spinner size="sm" aria-hidden="true" className="me-2" />}
          {origin.kind === 'copy' ? t('makeCopy') : t('make')}
        </Button>
      </Modal.Footer>
    </Form>
  )
}

function startOf(origin: Origin, copyName: (name: string) => string): NewFormFields {
  if (origin.kind === 'nothing') return { name: '', description: '', access: 'public' }
  if (origin.kind === 'file') return { name: origin.suggestedName, description: '', access: 'public' }
  const { formName, description, identityProviders } = origin.form
  const access = accessModeOf({ identityProviders: identityProviders.map((code) => ({ code })) })
  return { name: copyName(formName).slice(0, formNameMax), description: description ?? '', access }
}

function refusedAt(path: string, error: unknown): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined
  return error.problem.errors?.find((each) => each.path === path)?.message
}
