import { type FormEvent, useRef, useState } from 'react'
import { Button, Form, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { Failure } from '../../ui/failure.tsx'
import { DialogAlert } from '../settings/dialog-alert.tsx'
import { focusFirstMistake } from '../settings/focus-first-mistake.ts'
import { KeyModal } from './key-dialogs.tsx'
import { MadeSecret } from './made-secret.tsx'
import { type NamedKey, rotateKey, useRefreshKeys } from './named-key-queries.ts'

/** How long both secrets work, in hours. */
const overlaps = [
  { name: 'none', hours: 0 },
  { name: 'hour', hours: 1 },
  { name: 'day', hours: 24 },
  { name: 'week', hours: 168 },
] as const
type Overlap = (typeof overlaps)[number]['name'] | 'own'

/** 30 days, as in the API. */
const hoursMax = 720

/** Gives a key a new secret; programs get it one after the other while the present one still works. */
export function RotateKey({ named, onClose }: { named: NamedKey; onClose(): void }) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  const [made, setMade] = useState<Awaited<ReturnType<typeof rotateKey>>>()
  const { name } = named
  return (
    <KeyModal title={made ? t('rotatedTitle', { name }) : t('rotateTitle', { name })} onClose={onClose}>
      {made ? (
        <>
          <Modal.Body>
            <MadeSecret name={name} secret={made.secret}>
              <p>
                {made.previousSecret
                  ? t('oldWorksUntil', { time: format.dateTime(made.previousSecret.validUntil) })
                  : t('oldStopped')}
              </p>
            </MadeSecret>
          </Modal.Body>
          <Modal.Footer>
            <Button variant="outline-secondary" onClick={onClose}>
              {t('done')}
            </Button>
          </Modal.Footer>
        </>
      ) : (
        <RotateForm named={named} onMade={setMade} onClose={onClose} />
      )}
    </KeyModal>
  )
}

type RotateFormProps = {
  named: NamedKey
  onMade(made: Awaited<ReturnType<typeof rotateKey>>): void
  onClose(): void
}

function RotateForm({ named, onMade, onClose }: RotateFormProps) {
  const { t } = useTranslation('named-keys')
  const { t: common } = useTranslation()
  const form = useRef<HTMLFormElement>(null)
  const refresh = useRefreshKeys()
  const [overlap, setOverlap] = useState<Overlap>('day')
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const hours = overlaps.find((each) => each.name === overlap)?.hours ?? Number(typed || Number.NaN)
  const isWrong = !(Number.isInteger(hours) && hours >= 0 && hours <= hoursMax)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isWrong) return focusFirstMistake(form.current)
    if (busy) return
    setBusy(true)
    setError(undefined)
    try {
      onMade(await rotateKey(named, hours))
      await refresh().catch(() => undefined)
    } catch (reason) {
      setError(reason)
      setBusy(false)
    }
  }
  return (
    <Form ref={form} onSubmit={submit} noValidate className="modal-form">
      <Modal.Body>
        <DialogAlert error={error}>
          {error !== undefined && (
            <Failure error={error} what={t('notRotated')} texts={{ conflict: t('revokedMeanwhile') }} />
          )}
        </DialogAlert>
        <p>{t('rotateText')}</p>
        {named.previousSecret && <p className="fw-semibold">{t('rotateAgain', { hint: named.previousSecret.hint })}</p>}
        <fieldset className="key-fieldset">
          <legend>{t('overlapLegend')}</legend>
          {([...overlaps.map(({ name }) => name), 'own'] as const).map((name) => (
            <Form.Check
              key={name}
              type="radio"
              name="key-overlap"
              id={`key-overlap-${name}`}
              label={t(`overlap.${name}`)}
              checked={overlap === name}
              autoFocus={name === 'day'}
              onChange={() => setOverlap(name)}
            />
          ))}
          {overlap === 'own' && <Hours typed={typed} onType={setTyped} isWrong={tried && isWrong} />}
        </fieldset>
      </Modal.Body>
      <Modal.Footer>
        <Button variant="outline-secondary" onClick={onClose}>
          {common('cancel')}
        </Button>
        <Button type="submit" variant={overlap === 'none' ? 'danger' : 'primary'} aria-disabled={busy}>
          {t('rotateNow')}
        </Button>
      </Modal.Footer>
    </Form>
  )
}

function Hours({ typed, onType, isWrong }: { typed: string; onType(typed: string): void; isWrong: boolean }) {
  const { t } = useTranslation('named-keys')
  return (
    <Form.Group controlId="key-hours" className="ms-4 mt-2">
      <Form.Label>{t('hoursLabel')}</Form.Label>
      <Form.Control
        inputMode="numeric"
        className="key-number"
        autoComplete="off"
        value={typed}
        isInvalid={isWrong}
        aria-invalid={isWrong}
        {...(isWrong ? { 'aria-describedby': 'key-hours-mistake' } : {})}
        onChange={({ target }) => onType(target.value)}
      />
      {isWrong && (
        <p id="key-hours-mistake" className="text-danger small mb-0">
          {t('hoursMistake')}
        </p>
      )}
    </Form.Group>
  )
}
