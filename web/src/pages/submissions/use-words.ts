import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatting } from '../../i18n/formatting.ts'
import { localeFor } from '../../i18n/languages.ts'
import type { Words } from './answer-text.ts'

/** The reader's words and formats for answers. */
export function useWords(): Words {
  const { t, i18n } = useTranslation('submissions')
  return useMemo(() => {
    const locale = localeFor(i18n.language)
    const format = formatting(locale)
    const plain = new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 20 })
    const grouped = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 })
    return {
      yes: t('yes'),
      no: t('no'),
      signed: t('signed'),
      rows: (count) => t('rowsCount', { count }),
      date: format.date,
      dateTime: format.dateTime,
      number: (value, withGroups) => (withGroups ? grouped : plain).format(value),
    }
  }, [t, i18n.language])
}
