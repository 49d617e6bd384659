import { Badge } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'

const colours: Record<string, string> = {
  SUBMITTED: 'primary',
  ASSIGNED: 'info',
  COMPLETED: 'success',
  REVISING: 'warning',
}

/** A status in words; `null` is a draft that was never submitted. */
export function StatusBadge({ code }: { code: string | null }) {
  const text = useStatusText()
  return (
    <Badge bg="" className={`status-badge status-${code === null ? 'secondary' : (colours[code] ?? 'secondary')}`}>
      {text(code)}
    </Badge>
  )
}

export function useStatusText(): (code: string | null) => string {
  const { t, i18n } = useTranslation('submissions')
  return (code) => {
    if (code === null) return t('status.DRAFT')
    return i18n.exists(`status.${code}`, { ns: 'submissions' }) ? t(`status.${code}`) : code
  }
}
