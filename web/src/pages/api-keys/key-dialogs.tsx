import { useState } from 'react'
import { Button, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import type { Scope } from '../../../../server/src/access/scope.ts'
import { useFormId } from '../../app/form.ts'
import { useNotices } from '../../ui/notices.tsx'
import { type KeyFields, toChange, toNewKey } from './key-fields.ts'
import { KeyForm } from './key-form.tsx'
import { MadeSecret } from './made-secret.tsx'
import { changeKey, makeKey, type NamedKey, useRefreshKeys } from './named-key-queries.ts'

type AddKeyProps = {
  keys: NamedKey[]
  /** Told the id of the key that was made, if one was. */
  onClose(made: number | undefined): void
}

/** Makes a key, then shows its secret. */
export function AddKey({ keys, onClose }: AddKeyProps) {
  const { t } = useTranslation('named-keys')
  const formId = useFormId()
  const refresh = useRefreshKeys()
  const [made, setMade] = useState<{ id: number; name: string; secret: string }>()
  const close = () => onClose(made?.id)
  const save = async (fields: KeyFields, possible: readonly Scope[]) => {
    setMade(await makeKey(formId, toNewKey(fields, possible)))
    // The key is made whether or not the list can be looked up again.
    await refresh().catch(() => undefined)
  }
  return (
    <KeyModal title={made ? t('madeTitle', { name: made.name }) : t('addKey')} onClose={close}>
      {made ? (
        <>
          <Modal.Body>
            <MadeSecret name={made.name} secret={made.secret} />
          </Modal.Body>
          <Modal.Footer>
            <Button variant="outline-secondary" onClick={close}>
              {t('done')}
            </Button>
          </Modal.Footer>
        </>
      ) : (
        <KeyForm
          keys={keys}
          action={t('makeKey')}
          failed={t('notMade')}
          conflict={t('tooManyKeys')}
          onSave={save}
          onClose={close}
        />
      )}
    </KeyModal>
  )
}

type ChangeKeyProps = { named: NamedKey; keys: NamedKey[]; onClose(): void }

/** Changes what a key may do and when, from where and how often. */
export function ChangeKey({ named, keys, onClose }: ChangeKeyProps) {
  const { t } = useTranslation('named-keys')
  const refresh = useRefreshKeys()
  const notices = useNotices()
  const save = async (fields: KeyFields, possible: readonly Scope[]) => {
    const { name } = await changeKey(named, toChange(fields, named, possible))
    await refresh()
    notices.done(t('changed', { name }))
    onClose()
  }
  return (
    <KeyModal title={t('changeTitle', { name: named.name })} onClose={onClose}>
      <KeyForm
        before={named}
        keys={keys}
        action={t('saveKey')}
        failed={t('notChanged')}
        conflict={t('revokedMeanwhile')}
        onSave={save}
        onClose={onClose}
      />
    </KeyModal>
  )
}

type KeyModalProps = { title: string; onClose(): void; children: React.ReactNode }

/** A click beside it does not close it: what was typed, or a secret, would be gone. */
export function KeyModal({ title, onClose, children }: KeyModalProps) {
  return (
    <Modal show onHide={onClose} centered scrollable backdrop="static" size="lg" aria-labelledby="key-dialog-title">
      <Modal.Header>
        <Modal.Title id="key-dialog-title" as="h2" className="h5">
          {title}
        </Modal.Title>
      </Modal.Header>
      {children}
    </Modal>
  )
}
