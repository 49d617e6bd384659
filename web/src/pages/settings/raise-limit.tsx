import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { Button, Form, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { Failure } from '../../ui/failure.tsx'
import { KeyModal } from '../api-keys/key-dialogs.tsx'
import { type FormLimit, raiseLimit, summaryQuery } from './api-key-queries.ts'
import { DialogAlert } from './dialog-alert.tsx'
import { focusFirstMistake } from './focus-first-mistake.ts'
import { presetFields, type RaisedLimitField, toRaisedLimit, wrongFields } from './raised-limit-fields.ts'

type RaiseLimitProps = { limit: FormLimit; onClose(): void }

/** Sets another limit for the form's keys, for a stated time and with a reason that its team reads. */
export function RaiseLimit({ limit, onClose }: RaiseLimitProps) {
  const { t } = useTranslation('api-key')
  const { t: common } = useTranslation()
  const { id, name } = useForm()
  const queries = useQueryClient()
  const form = useRef<HTMLFormElement>(null)
  const [fields, setFields] = useState(() => presetFields(Date.now()))
  const [wrong, setWrong] = useState<RaisedLimitField[]>([])
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

  const field = (member: RaisedLimitField) => ({
    value: fields[member],
    isInvalid: wrong.includes(member),
    'aria-invalid': wrong.includes(member),
    'aria-describedby': wrong.includes(member) ? `raise-${member}-mistake` : `raise-${member}-help`,
    onChange: ({ target }: { target: { value: string } }) => {
      setFields({ ...fields, [member]: target.value })
      setWrong(wrong.filter((each) => each !== member))
    },
  })
  const below = (member: RaisedLimitField, help: string) =>
    wrong.includes(member) ? (
      <p id={`raise-${member}-mistake`} className="text-danger small mb-0">
        {t(`raised.mistake.${member}`)}
      </p>
    ) : (
      <Form.Text id={`raise-${member}-help`}>{help}</Form.Text>
    )

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const found = wrongFields(fields, Date.now())
    setWrong(found)
    setError(undefined)
    if (found.length > 0) return focusFirstMistake(form.current)
    if (busy) return
    setBusy(true)
    try {
      await raiseLimit(id, toRaisedLimit(fields))
      await queries.invalidateQueries({ queryKey: summaryQuery(id).queryKey })
      onClose()
    } catch (reason) {
      setError(reason)
      setBusy(false)
    }
  }
  return (
    <KeyModal title={t('raised.title', { form: name })} onClose={onClose}>
      <Form ref={form} onSubmit={submit} noValidate className="modal-form">
        <Modal.Body>
          <DialogAlert error={error}>
            {error !== undefined && <Failure error={error} what={t('raised.notRaised')} />}
          </DialogAlert>
          <Form.Group controlId="raise-limit" className="mb-3">
            <Form.Label>{t('raised.limitLabel', { seconds: limit.windowSeconds })}</Form.Label>
            <Form.Control inputMode="numeric" autoComplete="off" className="key-number" autoFocus {...field('limit')} />
            {below('limit', t('raised.limitHelp', { count: limit.configuredLimit }))}
          </Form.Group>
          <Form.Group controlId="raise-until" className="mb-3">
            <Form.Label>{t('raised.untilLabel')}</Form.Label>
            <Form.Control type="datetime-local" className="key-date" max="9999-12-31T23:59" {...field('until')} />
            {below('until', t('raised.untilHelp', { zone }))}
          </Form.Group>
          <Form.Group controlId="raise-reason">
            <Form.Label>{t('raised.reasonLabel')}</Form.Label>
            <Form.Control as="textarea" rows={2} maxLength={500} {...field('reason')} />
            {below('reason', t('raised.reasonHelp'))}
          </Form.Group>
        </Modal.Body>
        <Modal.Footer>
          <Button variant="outline-secondary" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button type="submit" aria-disabled={busy}>
            {t('raised.save')}
          </Button>
        </Modal.Footer>
      </Form>
    </KeyModal>
  )
}
