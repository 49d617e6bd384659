import { useSyncExternalStore } from 'react'
import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { languageNames } from '../i18n/languages.ts'
import { type ColorScheme, chooseScheme, chosenScheme, onSchemeChosen } from '../theme/color-scheme.ts'

type ChoiceProps = { size?: 'sm'; id?: string }

export function LanguageChoice(props: ChoiceProps) {
  const { i18n } = useTranslation()
  return (
    <Form.Select
      {...props}
      value={i18n.language}
      onChange={(event) => void i18n.changeLanguage(event.currentTarget.value)}
    >
      {Object.entries(languageNames).map(([tag, name]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </Form.Select>
  )
}

export function SchemeChoice(props: ChoiceProps) {
  const { t } = useTranslation()
  const scheme = useSyncExternalStore(onSchemeChosen, chosenScheme)
  return (
    <Form.Select
      {...props}
      value={scheme}
      // The options below are all there are.
      onChange={(event) => chooseScheme(event.currentTarget.value as ColorScheme)}
    >
      <option value="system">{t('schemeSystem')}</option>
      <option value="light">{t('schemeLight')}</option>
      <option value="dark">{t('schemeDark')}</option>
    </Form.Select>
  )
}
