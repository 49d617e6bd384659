import { Placeholder } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'

/** Stands where rows will be, as high as they will be. */
export function Loading({ rows = 4 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div role="status" className="loading">
      <span className="visually-hidden">{t('loading')}</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move.
        <Placeholder key={index} as="div" animation="wave" className="loading-row" aria-hidden="true">
          <Placeholder xs={index % 2 ? 7 : 9} />
        </Placeholder>
      ))}
    </div>
  )
}
