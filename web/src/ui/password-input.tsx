import { useState } from 'react'
import { Button, Form, type FormControlProps, InputGroup } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'

/** A password, which may be looked at while it is typed. */
export function PasswordInput(props: FormControlProps & { name: string; required?: boolean }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  return (
    <InputGroup>
      <Form.Control
        {...props}
        type={shown ? 'text' : 'password'}
        spellCheck={false}
        autoCapitalize="none"
        autoCorrect="off"
      />
      <Button
        variant="outline-secondary"
        aria-pressed={shown}
        aria-label={t('showPassword')}
        onClick={() => setShown(!shown)}
      >
        {t('show')}
      </Button>
    </InputGroup>
  )
}
