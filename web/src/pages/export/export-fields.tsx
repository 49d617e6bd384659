import { Fragment } from 'react'
import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { templates } from '../../../../server/src/exports/templates.ts'
import { submissionStatuses } from '../../../../server/src/submissions/review.ts'
import { useForm } from '../../app/form.ts'
import { type ExportChoice, exportDates, exportFormats, formatChange, isTable } from './export-choice.ts'

type ChoiceProps = { choice: ExportChoice; onChange(change: Partial<ExportChoice>): void }

export function ExportFields({ choice, onChange }: ChoiceProps) {
  return (
    <div className="export-fields">
      <Format choice={choice} onChange={onChange} />
      <Which choice={choice} onChange={onChange} />
    </div>
  )
}

function Format({ choice, onChange }: ChoiceProps) {
  const { t } = useTranslation('export')
  return (
    <fieldset>
      <legend className="h5">{t('format')}</legend>
      {exportFormats.map((format) => (
        <Fragment key={format}>
          <FormatChoice format={format} choice={choice} onChange={onChange} />
          {format === choice.format && <FormatOptions choice={choice} onChange={onChange} />}
        </Fragment>
      ))}
    </fieldset>
  )
}

/** What belongs to the chosen format alone. */
function FormatOptions({ choice, onChange }: ChoiceProps) {
  const { t } = useTranslation('export')
  const { format } = choice
  if (format === 'json') return null
  const text = format !== 'csv' && <p className="text-width">{t(`formatTexts.${format}`)}</p>
  if (!isTable(format)) return <div className="export-more">{text}</div>
  return (
    <div className="export-more">
      {text}
      <Layout choice={choice} onChange={onChange} />
      <Tick name="labels" choice={choice} onChange={onChange} />
      {format === 'csv' && <Tick name="bom" choice={choice} onChange={onChange} />}
      {format === 'csv' && <Tick name="formulaGuard" choice={choice} onChange={onChange} />}
    </div>
  )
}

function FormatChoice({ format, choice, onChange }: ChoiceProps & { format: ExportChoice['format'] }) {
  const { t } = useTranslation('export')
  return (
    <Form.Check
      type="radio"
      name="format"
      id={`format-${format}`}
      label={t(`formats.${format}`)}
      checked={choice.format === format}
      onChange={() => onChange(formatChange(choice, format))}
    />
  )
}

function Layout({ choice, onChange }: ChoiceProps) {
  const { t } = useTranslation('export')
  return (
    <Form.Group controlId="export-layout" className="mb-3">
      <Form.Label>{t('layout')}</Form.Label>
      <Form.Select
        value={choice.template}
        aria-describedby="export-layout-text"
        onChange={({ target }) => {
          const template = templates.find((each) => each === target.value)
          // Each layout has columns of its own.
          if (template) onChange({ template, ...(choice.fields ? { fields: [] } : {}) })
        }}
      >
        {templates.map((template) => (
          <option key={template} value={template}>
            {t(`layouts.${template}.name`)}
          </option>
        ))}
      </Form.Select>
      <Form.Text id="export-layout-text">{t(`layouts.${choice.template}.text`)}</Form.Text>
    </Form.Group>
  )
}

function Which({ choice, onChange }: ChoiceProps) {
  const { t } = useTranslation(['export', 'submissions'])
  const { versions = [] } = useForm()
  return (
    <fieldset>
      <legend className="h5">{t('which')}</legend>
      {versions.length > 0 && (
        <Form.Group controlId="export-version" className="mb-3">
          <Form.Label>{t('version')}</Form.Label>
          <Form.Select
            value={choice.version ?? ''}
            onChange={({ target }) => onChange({ version: target.value === '' ? undefined : Number(target.value) })}
          >
            <option value="">{t('allVersions')}</option>
            {versions.map(({ id, version }) => (
              <option key={id} value={version}>
                {t('versionNumber', { version })}
              </option>
            ))}
          </Form.Select>
        </Form.Group>
      )}
      <Form.Group controlId="export-status" className="mb-3">
        <Form.Label>{t('status')}</Form.Label>
        <Form.Select
          value={choice.status ?? ''}
          onChange={({ target }) => onChange({ status: submissionStatuses.find((each) => each === target.value) })}
        >
          <option value="">{t('allStatuses')}</option>
          {submissionStatuses.map((status) => (
            <option key={status} value={status}>
              {t(`status.${status}`, { ns: 'submissions' })}
            </option>
          ))}
        </Form.Select>
      </Form.Group>
      <Days choice={choice} onChange={onChange} />
      <Tick name="drafts" choice={choice} onChange={onChange} />
      <Tick name="deleted" choice={choice} onChange={onChange} />
    </fieldset>
  )
}

function Days({ choice, onChange }: ChoiceProps) {
  const { t } = useTranslation('export')
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <>
      <Form.Group controlId="export-date" className="mb-3">
        <Form.Label>{t('date')}</Form.Label>
        <Form.Select
          value={choice.date}
          onChange={({ target }) => onChange({ date: exportDates.find((each) => each === target.value) ?? 'created' })}
        >
          {exportDates.map((date) => (
            <option key={date} value={date}>
              {t(`dates.${date}`)}
            </option>
          ))}
        </Form.Select>
      </Form.Group>
      <div className="export-days">
        {(['from', 'to'] as const).map((edge) => (
          <Form.Group key={edge} controlId={`export-${edge}`}>
            <Form.Label>{t(edge)}</Form.Label>
            <Form.Control
              type="date"
              max="9999-12-31"
              value={choice[edge] ?? ''}
              aria-describedby="export-zone"
              onChange={({ target }) => onChange({ [edge]: target.value === '' ? undefined : target.value })}
            />
          </Form.Group>
        ))}
      </div>
      <Form.Text as="p" id="export-zone">
        {t('zone', { zone })}
      </Form.Text>
    </>
  )
}

type TickProps = ChoiceProps & { name: 'labels' | 'bom' | 'formulaGuard' | 'drafts' | 'deleted' }

function Tick({ name, choice, onChange }: TickProps) {
  const { t } = useTranslation('export')
  return (
    <Form.Check
      id={`export-${name}`}
      label={t(`tick.${name}`)}
      checked={choice[name]}
      onChange={({ target }) => onChange({ [name]: target.checked })}
    />
  )
}
