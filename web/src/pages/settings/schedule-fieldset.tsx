import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { type LateUnit, lateUnits, type ScheduleFields, type ScheduleMistake } from './form-schedule.ts'

type ScheduleFieldsetProps = {
  fields: ScheduleFields
  set(change: Partial<ScheduleFields>): void
  mistake: ScheduleMistake | undefined
  /** What the server says. */
  error: string | undefined
}

/** When the form takes submissions. */
export function ScheduleFieldset({ fields, set, mistake, error }: ScheduleFieldsetProps) {
  const { t } = useTranslation('settings')
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <fieldset aria-describedby={mistake || error ? 'schedule-mistake' : undefined}>
      <legend>{t('schedule')}</legend>
      <Form.Check
        id="schedule-enabled"
        className="mb-3"
        label={t('scheduleEnabled')}
        checked={fields.enabled}
        onChange={(event) => set({ enabled: event.target.checked })}
      />
      {fields.enabled && (
        <div className="ms-4">
          <div className="settings-dates">
            <Form.Group controlId="opens-at">
              <Form.Label>{t('opensAt')}</Form.Label>
              <Form.Control
                type="datetime-local"
                value={fields.opensAt}
                {...invalidIf(mistake === 'noDates')}
                onChange={(event) => set({ opensAt: event.target.value })}
              />
            </Form.Group>
            <Form.Group controlId="closes-at">
              <Form.Label>{t('closesAt')}</Form.Label>
              <Form.Control
                type="datetime-local"
                value={fields.closesAt}
                {...invalidIf(mistake === 'closesFirst' || mistake === 'noDates')}
                onChange={(event) => set({ closesAt: event.target.value })}
              />
            </Form.Group>
          </div>
          <p className="small text-body-secondary">{t('scheduleHelp', { zone })}</p>
          {fields.closesAt !== '' && <AfterClosing fields={fields} set={set} mistake={mistake} />}
        </div>
      )}
      {(mistake || error) && (
        <p id="schedule-mistake" className="text-danger small">
          {mistake ? t(`scheduleMistake.${mistake}`) : error}
        </p>
      )}
    </fieldset>
  )
}

/** Marks a field, for the eye and for screen readers, and ties it to the text below the fieldset. */
const invalidIf = (isInvalid: boolean) => ({
  isInvalid,
  'aria-invalid': isInvalid,
  ...(isInvalid ? { 'aria-describedby': 'schedule-mistake' } : {}),
})

function AfterClosing({ fields, set, mistake }: Omit<ScheduleFieldsetProps, 'error'>) {
  const { t } = useTranslation('settings')
  return (
    <>
      <Form.Check
        id="late"
        label={t('late')}
        checked={fields.late}
        onChange={(event) => set({ late: event.target.checked })}
      />
      {fields.late && (
        <div className="settings-inline ms-4 mt-2">
          <Form.Control
            type="number"
            min={1}
            max={1000}
            {...invalidIf(mistake === 'lateTerm')}
            aria-label={t('lateTerm')}
            value={fields.lateTerm}
            onChange={(event) => set({ lateTerm: event.target.value })}
          />
          <Form.Select
            aria-label={t('lateUnit')}
            value={fields.lateUnit}
            onChange={(event) => set({ lateUnit: event.target.value as LateUnit })} // the options are all there are
          >
            {lateUnits.map((unit) => (
              <option key={unit} value={unit}>
                {t(`unit.${unit}`)}
              </option>
            ))}
          </Form.Select>
        </div>
      )}
      <Form.Group controlId="closing-message" className="mt-3">
        <Form.Label>{t('closingMessage')}</Form.Label>
        <Form.Control
          as="textarea"
          rows={2}
          maxLength={2000}
          value={fields.closingMessage}
          onChange={(event) => set({ closingMessage: event.target.value })}
        />
        <Form.Text>{t('closingMessageHelp')}</Form.Text>
      </Form.Group>
    </>
  )
}
