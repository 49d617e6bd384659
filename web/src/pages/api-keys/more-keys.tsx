import './keys.scss'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import { Badge } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { KeyList } from './key-list.tsx'
import type { NamedKey } from './named-key-queries.ts'

/** The form's keys beyond the one that most need: folded away until there are some, or somebody looks. */
export function MoreKeys({ keys }: { keys: UseQueryResult<NamedKey[]> }) {
  const { t } = useTranslation('named-keys')
  const named = (keys.data ?? []).filter(({ isDefault }) => !isDefault).length
  const [chosen, setChosen] = useState<boolean>()
  // What opened by itself stays open when its last key goes: somebody is at work in it.
  if (chosen === undefined && named > 0) setChosen(true)
  const open = chosen ?? false
  return (
    <section className="panel more-keys" aria-labelledby="more-keys">
      <h2 id="more-keys">
        <button
          type="button"
          className="more-keys-switch"
          aria-expanded={open}
          aria-controls="more-keys-body"
          onClick={() => setChosen(!open)}
        >
          <span className="more-keys-mark" aria-hidden="true" />
          {t('title')}
          {named > 0 && (
            <>
              {' '}
              <Badge bg="" className="role-badge" aria-hidden="true">
                {named}
              </Badge>
              <span className="visually-hidden">{t('count', { count: named })}</span>
            </>
          )}
        </button>
      </h2>
      <p className="text-body-secondary mb-0">{t('lead')}</p>
      <div id="more-keys-body">
        {open && keys.isPending && <Loading rows={3} />}
        {open && keys.error && !keys.data && (
          <Failure error={keys.error} what={t('notLoaded')} retry={() => void keys.refetch()} />
        )}
        {open && keys.data && <KeyList keys={keys.data} onLook={keys.refetch} />}
      </div>
    </section>
  )
}
