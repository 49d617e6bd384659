import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { type Form as FormOfApi, useForm } from '../../app/form.ts'
import { type ScheduleFields, scheduleFields, scheduleMistakeIn, toSchedule } from './form-schedule.ts'
import { ScheduleFieldset } from './schedule-fieldset.tsx'
import { type FormChange, SettingsForm, useSettings } from './settings-form.tsx'
import { TextSetting } from './text-setting.tsx'

/** The switches of a form by their names in the API, each with its text in `settings.json`. */
const switches = [
  'enableSubmitterDraft',
  'enableStatusUpdates',
  'showSubmissionConfirmation',
  'wideFormLayout',
] as const
type Switch = (typeof switches)[number]
type Fields = { name: string; description: string; schedule: ScheduleFields; showAnswers: boolean } & Record<
  Switch,
  boolean
>

/** Name, description, and how the form behaves. */
export function GeneralSection() {
  const { t } = useTranslation('settings')
  const form = useForm()
  const settings = useSettings(fieldsOf(form), (fields) => changeOf(fields, form))
  const { fields, set, errorAt } = settings
  const scheduleMistake = scheduleMistakeIn(fields.schedule)
  const nameMistake = fields.name.trim() === '' ? t('nameMissing') : undefined
  return (
    <SettingsForm settings={settings} title={t('section.general')} mistake={nameMistake ?? scheduleMistake}>
      {(tried) => (
        <>
          <TextSetting
            id="form-name"
            label={t('name')}
            value={fields.name}
            maxLength={255}
            required
            mistake={(tried ? nameMistake : undefined) ?? errorAt('name')}
            onChange={(name) => set({ name })}
          />
          <TextSetting
            id="form-description"
            label={t('description')}
            help={t('descriptionHelp')}
            rows={3}
            value={fields.description}
            maxLength={255}
            mistake={errorAt('description')}
            onChange={(description) => set({ description })}
          />
          <fieldset className="mb-4">
            <legend>{t('switches')}</legend>
            {([...switches, 'showAnswers'] as const).map((name) => (
              <Form.Check
                key={name}
                id={`form-${name}`}
                className="mb-2"
                label={
                  <>
                    {t(`switch.${name}`)}
                    <span className="d-block small text-body-secondary">{t(`switchHelp.${name}`)}</span>
                  </>
                }
                checked={fields[name]}
                onChange={(event) => set({ [name]: event.target.checked })}
              />
            ))}
          </fieldset>
          <ScheduleFieldset
            fields={fields.schedule}
            set={(change) => set({ schedule: { ...fields.schedule, ...change } })}
            mistake={tried && scheduleMistake ? scheduleMistake : undefined}
            error={errorAt('schedule')}
          />
        </>
      )}
    </SettingsForm>
  )
}

function fieldsOf(form: FormOfApi): Fields {
  return {
    name: form.name,
    description: form.description ?? '',
    enableSubmitterDraft: form.enableSubmitterDraft === true,
    enableStatusUpdates: form.enableStatusUpdates === true,
    showSubmissionConfirmation: form.showSubmissionConfirmation !== false,
    wideFormLayout: form.wideFormLayout === true,
    showAnswers: form.hideSubmissionContentOnSuccess !== true,
    schedule: scheduleFields(form.schedule),
  }
}

/** Only what was changed: two people may change different settings at once. */
function changeOf(fields: Fields, form: FormOfApi): FormChange {
  const before = fieldsOf(form)
  const schedule = toSchedule(fields.schedule, form.schedule)
  return {
    ...(fields.name === before.name ? {} : { name: fields.name }),
    ...(fields.description === before.description ? {} : { description: fields.description }),
    ...Object.fromEntries(switches.filter((name) => fields[name] !== before[name]).map((name) => [name, fields[name]])),
    ...(fields.showAnswers === before.showAnswers ? {} : { hideSubmissionContentOnSuccess: !fields.showAnswers }),
    ...(JSON.stringify(fields.schedule) === JSON.stringify(before.schedule) ? {} : { schedule }),
  }
}
