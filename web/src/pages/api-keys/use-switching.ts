import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useExplain } from '../../ui/failure.tsx'
import { useNotices } from '../../ui/notices.tsx'
import { changeKey, type NamedKey, useRefreshKeys } from './named-key-queries.ts'

/** Switches keys off and on again: done at once, for it can be undone. */
export function useSwitching() {
  const { t } = useTranslation('named-keys')
  const refresh = useRefreshKeys()
  const notices = useNotices()
  const explain = useExplain()
  const [busy, setBusy] = useState(false)

  const turn = async (named: NamedKey, enabled: boolean): Promise<void> => {
    const name = { name: named.name }
    setBusy(true)
    try {
      await changeKey(named, { enabled })
      notices.done(t(enabled ? 'enabledNow' : 'disabledNow', name), () => void turn(named, !enabled))
    } catch (error) {
      const { text: reason } = explain(error)
      notices.failed(t(enabled ? 'notEnabled' : 'notDisabled', { ...name, reason }))
    } finally {
      await refresh().catch(() => undefined)
      setBusy(false)
    }
  }
  return { turn: (named: NamedKey, enabled: boolean) => void turn(named, enabled), busy }
}
