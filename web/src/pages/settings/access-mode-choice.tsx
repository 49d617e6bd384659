import type { ReactNode } from 'react'
import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { type AccessMode, accessModes } from './access-mode.ts'

type AccessModeChoiceProps = { mode: AccessMode; onChoose(mode: AccessMode): void; children?: ReactNode }

/** Who may submit, each with what it means. */
export function AccessModeChoice({ mode: chosen, onChoose, children }: AccessModeChoiceProps) {
  const { t } = useTranslation('settings')
  return (
    <fieldset className="mb-4">
      <legend>{t('whoMaySubmit')}</legend>
      {accessModes.map((mode) => (
        <Form.Check
          key={mode}
          type="radio"
          name="access"
          id={`access-${mode}`}
          className="mb-2"
          label={
            <>
              {t(`mode.${mode}`)}
              <span className="d-block small text-body-secondary">{t(`modeHelp.${mode}`)}</span>
            </>
          }
          checked={chosen === mode}
          onChange={() => onChoose(mode)}
        />
      ))}
      {children}
    </fieldset>
  )
}
