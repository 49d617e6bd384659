import { type RefObject, useState } from 'react'
import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../../ui/confirm.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { endOverlap, type NamedKey, revokeKey, useRefreshKeys } from './named-key-queries.ts'
import { isFormerUsed } from './rotation-state.ts'

type RevokeKeyProps = {
  named: NamedKey
  onClose(): void
  /** The key's row is gone then. */
  focusAfter: RefObject<HTMLElement | null>
}

/** Asks, with room for a reason, before a key is shut out for good. */
export function RevokeKey({ named, onClose, focusAfter }: RevokeKeyProps) {
  const { t } = useTranslation('named-keys')
  const refresh = useRefreshKeys()
  const notices = useNotices()
  const [show, setShow] = useState(true)
  const [reason, setReason] = useState('')
  const { name } = named
  const revoke = async () => {
    await revokeKey(named, reason)
    await refresh().catch(() => undefined)
    notices.done(t('revoked', { name }))
  }
  return (
    <Confirm
      show={show}
      danger
      title={t('revokeTitle', { name })}
      action={t('revokeKey')}
      failed={t('notRevoked')}
      unanswered={t('maybeRevoked')}
      onConfirm={revoke}
      onClose={() => {
        setShow(false)
        void refresh()
      }}
      onGone={onClose}
      focusAfter={focusAfter}
    >
      <p>{t('revokeText')}</p>
      <Form.Group controlId="key-reason">
        <Form.Label>{t('reasonLabel')}</Form.Label>
        <Form.Control
          as="textarea"
          rows={2}
          maxLength={500}
          value={reason}
          aria-describedby="key-reason-help"
          onChange={({ target }) => setReason(target.value)}
        />
        <Form.Text id="key-reason-help">{t('reasonHelp')}</Form.Text>
      </Form.Group>
    </Confirm>
  )
}

type EndOverlapProps = RevokeKeyProps

/** Asks before the former secret of a rotated key stops working. */
export function EndOverlap({ named, onClose, focusAfter }: EndOverlapProps) {
  const { t } = useTranslation('named-keys')
  const refresh = useRefreshKeys()
  const notices = useNotices()
  const [show, setShow] = useState(true)
  const [former] = useState(named.previousSecret)
  if (!former) return null
  const { hint } = former
  const end = async () => {
    await endOverlap(named)
    await refresh().catch(() => undefined)
    notices.done(t('overlapEnded', { hint }))
  }
  return (
    <Confirm
      show={show}
      danger
      title={t('endTitle', { hint })}
      action={t('endNow')}
      failed={t('notEnded')}
      onConfirm={end}
      onClose={() => {
        setShow(false)
        void refresh()
      }}
      onGone={onClose}
      focusAfter={focusAfter}
    >
      <p className="mb-0">{isFormerUsed(former) ? t('endUsedText') : t('endUnusedText')}</p>
    </Confirm>
  )
}
