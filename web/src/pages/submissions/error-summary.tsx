import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldError } from '../../frame/protocol.ts'

type ErrorSummaryProps = { errors: FieldError[]; onGo(path: string): void }

/** Lists what is wrong, each problem a way to its field, and takes the focus. */
export function ErrorSummary({ errors, onGo }: ErrorSummaryProps) {
  const { t } = useTranslation('submissions')
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (errors.length > 0) box.current?.focus()
  }, [errors])
  if (errors.length === 0) return null
  return (
    <div ref={box} className="edit-errors" role="alert" tabIndex={-1} aria-labelledby="edit-errors-title">
      <h2 className="h5" id="edit-errors-title">
        {t('summaryTitle')}
      </h2>
      <p>{t('summaryText', { count: errors.length })}</p>
      <ul>
        {errors.map(({ path, message }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole.
          <li key={place}>
            {path ? (
              <button type="button" className="btn btn-link p-0 text-start" onClick={() => onGo(path)}>
                {message}
              </button>
            ) : (
              message
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
