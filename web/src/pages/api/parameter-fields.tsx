import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import type { Operation, Parameter } from './spec.ts'
import { inputKey, isList } from './try-request.ts'

type ParameterFieldsProps = {
  operation: Operation
  /** Those that the call needs, or the others, which are folded away: some operations have twenty. */
  needed: boolean
  formId: string
  values: Record<string, string>
  set(key: string, value: string): void
}

export function ParameterFields({ operation, needed, formId, values, set }: ParameterFieldsProps) {
  const { t } = useTranslation('api')
  const shown = operation.parameters.filter((parameter) => (parameter.required === true) === needed)
  if (shown.length === 0) return null
  const fields = (
    <div className="try-parameters">
      {shown.map((parameter) => (
        <ParameterField
          key={inputKey(parameter)}
          id={`${operation.id}-${inputKey(parameter)}`}
          parameter={parameter}
          value={values[inputKey(parameter)] ?? ''}
          placeholder={inputKey(parameter) === 'path:formId' ? formId : ''}
          onChange={(value) => set(inputKey(parameter), value)}
        />
      ))}
    </div>
  )
  if (needed) return fields
  return (
    <details className="mb-3">
      <summary>{t('optional', { count: shown.length })}</summary>
      {fields}
    </details>
  )
}

type ParameterFieldProps = {
  id: string
  parameter: Parameter
  value: string
  placeholder: string
  onChange(value: string): void
}

function ParameterField({ id, parameter, value, placeholder, onChange }: ParameterFieldProps) {
  const { t } = useTranslation('api')
  const options = parameter.schema?.enum ?? (parameter.schema?.type === 'boolean' ? [true, false] : undefined)
  const label = (
    <Form.Label>
      <code>{parameter.name}</code> <span className="small text-body-secondary">{t(`in.${parameter.in}`)}</span>{' '}
      {parameter.required && <span className="small text-body-secondary">{t('required')}</span>}
    </Form.Label>
  )
  if (options) {
    return (
      <Form.Group controlId={id}>
        {label}
        <Form.Select size="sm" value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{t('notSent')}</option>
          {options.map((option) => (
            <option key={String(option)}>{String(option)}</option>
          ))}
        </Form.Select>
      </Form.Group>
    )
  }
  return (
    <Form.Group controlId={id}>
      {label}
      <Form.Control
        size="sm"
        className="font-monospace"
        {...(isList(parameter) ? { as: 'textarea' as const, rows: 2 } : {})}
        value={value}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      {isList(parameter) && <Form.Text>{t('onePerLine')}</Form.Text>}
    </Form.Group>
  )
}
