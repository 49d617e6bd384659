import { Badge } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import type { NamedKey } from './named-key-queries.ts'

const looks = { active: 'success', disabled: 'secondary', expired: 'warning', revoked: 'danger' } as const

/** Whether a key works, and whether it is for tests. */
export function KeyBadges({ state, test }: Pick<NamedKey, 'state' | 'test'>) {
  const { t } = useTranslation('named-keys')
  return (
    <>
      <Badge bg="" className={`key-badge key-badge-${looks[state]}`}>
        {t(`state.${state}`)}
      </Badge>
      {test && (
        <Badge bg="" className="key-badge key-badge-info">
          {t('testBadge')}
        </Badge>
      )}
    </>
  )
}
