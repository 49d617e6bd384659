import { Form, type FormControlProps } from 'react-bootstrap'

type TextSettingProps = {
  id: string
  label: string
  value: string
  onChange(value: string): void
  /** What is wrong with it, if anything: shown below, and read out with the field. */
  mistake: string | undefined
  help?: string
  rows?: number
} & Pick<FormControlProps, 'maxLength' | 'required' | 'autoFocus'>

export function TextSetting({ id, label, value, onChange, mistake, help, rows, ...control }: TextSettingProps) {
  const described = [help && `${id}-help`, mistake && `${id}-mistake`].filter(Boolean).join(' ')
  return (
    <Form.Group controlId={id} className="mb-4">
      <Form.Label>{label}</Form.Label>
      <Form.Control
        {...control}
        {...(rows ? { as: 'textarea' as const, rows } : {})}
        {...(described ? { 'aria-describedby': described } : {})}
        value={value}
        isInvalid={mistake !== undefined}
        aria-invalid={mistake !== undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {help && <Form.Text id={`${id}-help`}>{help}</Form.Text>}
      {mistake && (
        <Form.Control.Feedback type="invalid" id={`${id}-mistake`}>
          {mistake}
        </Form.Control.Feedback>
      )}
    </Form.Group>
  )
}
