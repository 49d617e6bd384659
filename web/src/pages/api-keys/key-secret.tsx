import { useState } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { SecretMask } from '../settings/secret-mask.tsx'
import { fetchSecretOf, type NamedKey, useRefreshKeys } from './named-key-queries.ts'

/** The secret of a key, masked until it is asked for, and again when it was rotated since. */
export function KeySecret({ named }: { named: NamedKey }) {
  const { t } = useTranslation('api-key')
  const { t: words } = useTranslation('named-keys')
  const refresh = useRefreshKeys()
  const [read, setRead] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<{ what: string; error: unknown }>()
  const secret = named.hint !== null && read?.endsWith(named.hint) ? read : undefined

  const fetched = async (whatFailed: string) => {
    setFailure(undefined)
    try {
      return await fetchSecretOf(named)
    } catch (error) {
      setFailure({ what: whatFailed, error })
      // It may have been revoked meanwhile, and the list then says so.
      void refresh()
      return undefined
    }
  }
  const show = async () => {
    setBusy(true)
    setRead(await fetched(t('notShown')))
    setBusy(false)
  }
  const name = { name: named.name }
  return (
    <div className="key-secret">
      <code>{secret ?? <SecretMask prefix={named.prefix} hint={named.hint} />}</code>
      <span className="key-buttons">
        <Button
          size="sm"
          variant="outline-secondary"
          disabled={busy}
          aria-label={secret === undefined ? words('showSecretOf', name) : words('hideSecretOf', name)}
          onClick={() => (secret === undefined ? void show() : setRead(undefined))}
        >
          {secret === undefined ? t('showSecret') : t('hideSecret')}
        </Button>
        <CopyButton text={secret ?? (() => fetched(t('notCopied')))} what={words('secretOf', name)} size="sm" />
      </span>
      {failure && <Failure error={failure.error} what={failure.what} texts={{ conflict: words('revokedMeanwhile') }} />}
    </div>
  )
}
