import { Button, Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { changed, pageSizes, type TableState } from './table-state.ts'

type PagerProps = {
  state: TableState
  total: number
  /** Where `total` is too large, as it was not counted to the end: how many there are at the least, and there are more. */
  moreThan: number | undefined
  onChange(state: TableState): void
}

export function Pager({ state, total, moreThan, onChange }: PagerProps) {
  const { t } = useTranslation('submissions')
  const { number } = useFormat()
  const { page, size } = state
  const last = Math.max(1, Math.ceil(total / size))
  const first = (page - 1) * size + 1
  const turn = (to: number) => onChange({ ...state, page: to })
  return (
    <nav className="submissions-pager" aria-label={t('pages')}>
      <Form.Group controlId="submissions-size" className="d-flex align-items-center gap-2">
        <Form.Label className="m-0">{t('pageSize')}</Form.Label>
        <Form.Select
          size="sm"
          value={size}
          onChange={({ target }) =>
            onChange(changed(state, { size: pageSizes.find((each) => String(each) === target.value) ?? size }))
          }
        >
          {pageSizes.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Form.Select>
      </Form.Group>
      <span role="status">
        {moreThan === undefined
          ? t('range', { first: number(first), last: number(Math.min(total, page * size)), total: number(total) })
          : t('rangeOfMore', { first: number(first), last: number(page * size), total: number(moreThan) })}
      </span>
      <div className="d-flex flex-wrap gap-2">
        <Button size="sm" variant="outline-secondary" disabled={page <= 1} onClick={() => turn(1)}>
          {t('firstPage')}
        </Button>
        <Button size="sm" variant="outline-secondary" disabled={page <= 1} onClick={() => turn(page - 1)}>
          {t('previousPage')}
        </Button>
        <Button size="sm" variant="outline-secondary" disabled={page >= last} onClick={() => turn(page + 1)}>
          {t('nextPage')}
        </Button>
        <Button
          size="sm"
          variant="outline-secondary"
          disabled={page >= last || moreThan !== undefined}
          onClick={() => turn(last)}
        >
          {t('lastPage')}
        </Button>
      </div>
    </nav>
  )
}
