import { useEffect, useRef, useState } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../app/form.ts'
import { useLooks } from '../settings/use-looks.ts'
import { KeyCard } from './key-card.tsx'
import { AddKey, ChangeKey } from './key-dialogs.tsx'
import type { NamedKey } from './named-key-queries.ts'
import { EndOverlap, RevokeKey } from './revoke-key.tsx'
import { RevokedKeys } from './revoked-keys.tsx'
import { RotateKey } from './rotate-key.tsx'
import { UsageDialog } from './usage-dialog.tsx'

/** What is being done with a key, in a dialog. */
export type KeyAct = { kind: 'change' | 'rotate' | 'revoke' | 'endOverlap' | 'usage'; named: NamedKey }

/** All keys of the form, and what can be done with each. */
export function KeyList({ keys, onLook }: { keys: NamedKey[]; onLook(): unknown }) {
  const { t } = useTranslation('named-keys')
  const may = useMay()
  useLooks(onLook)
  const [act, setAct] = useState<KeyAct>()
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<number>()
  const top = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const done = () => setAct(undefined)
  useEffect(() => {
    // Once the dialog is gone, which gives the focus back to its button.
    if (made !== undefined) list.current?.querySelector<HTMLElement>(`#key-${made}-name`)?.focus()
  }, [made])
  return (
    <>
      <div ref={top} tabIndex={-1} className="more-keys-head">
        <p className="text-width">{t('text')}</p>
        {may('form_api_create') && <Button onClick={() => setAdding(true)}>{t('addKey')}</Button>}
      </div>
      {keys.length === 0 ? (
        <p>{t('noKeys')}</p>
      ) : (
        <ul ref={list} className="key-list" aria-label={t('list')}>
          {keys.map((named) => (
            <KeyCard key={named.id} named={named} onAct={(kind) => setAct({ kind, named })} />
          ))}
        </ul>
      )}
      <RevokedKeys onUsage={(named) => setAct({ kind: 'usage', named })} />
      {adding && (
        <AddKey
          keys={keys}
          onClose={(id) => {
            setAdding(false)
            setMade(id)
          }}
        />
      )}
      {act?.kind === 'change' && <ChangeKey named={act.named} keys={keys} onClose={done} />}
      {act?.kind === 'rotate' && <RotateKey named={act.named} onClose={done} />}
      {act?.kind === 'usage' && <UsageDialog named={act.named} onClose={done} />}
      {act?.kind === 'revoke' && <RevokeKey named={act.named} onClose={done} focusAfter={top} />}
      {act?.kind === 'endOverlap' && <EndOverlap named={act.named} onClose={done} focusAfter={top} />}
    </>
  )
}
