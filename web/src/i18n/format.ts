import { useTranslation } from 'react-i18next'
import { formatting } from './formatting.ts'
import { localeFor } from './languages.ts'

/** The reader's formats, changing with the language. */
export function useFormat() {
  const { i18n } = useTranslation()
  return formatting(localeFor(i18n.language))
}
