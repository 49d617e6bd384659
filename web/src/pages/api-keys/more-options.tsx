import { useState } from 'react'
import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { addressesMistake, type KeyFields, type KeyMistake, type KeyMistakes } from './key-fields.ts'

type MoreOptionsProps = {
  fields: KeyFields
  set(change: Partial<KeyFields>): void
  mistakes: KeyMistakes
  /** Calls that the form's limit allows, and in how many seconds. */
  limit: { limit: number; windowSeconds: number } | undefined
}

/** What few keys need: an end, certain addresses, fewer calls. Open from the start where something of it is set or wrong. */
export function MoreOptions({ fields, set, mistakes, limit }: MoreOptionsProps) {
  const { t } = useTranslation('named-keys')
  const isSet = fields.expiresAt !== '' || fields.addresses !== '' || fields.ownLimit !== ''
  const isWrong = mistakes.expiresAt ?? mistakes.addresses ?? mistakes.ownLimit
  const [opened, setOpened] = useState(isSet)
  return (
    <details
      className="key-options"
      open={opened || isWrong !== undefined}
      onToggle={({ currentTarget }) => setOpened(currentTarget.open)}
    >
      <summary>{t('moreOptions')}</summary>
      <Expiry fields={fields} set={set} mistake={mistakes.expiresAt} />
      <Addresses fields={fields} set={set} mistake={mistakes.addresses} />
      <OwnLimit fields={fields} set={set} mistake={mistakes.ownLimit} limit={limit} />
    </details>
  )
}

type OptionProps = Pick<MoreOptionsProps, 'fields' | 'set'> & { mistake: KeyMistake | undefined }

function Expiry({ fields, set, mistake }: OptionProps) {
  const { t } = useTranslation('named-keys')
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Form.Group controlId="key-expires" className="mb-3">
      <Form.Label>{t('expiresLabel')}</Form.Label>
      <Form.Control
        type="datetime-local"
        max="9999-12-31T23:59"
        className="key-date"
        value={fields.expiresAt}
        {...described('key-expires', mistake)}
        onChange={({ target }) => set({ expiresAt: target.value })}
      />
      <Form.Text as="p" id="key-expires-help">
        {t('expiresHelp', { zone })}
      </Form.Text>
      <Mistake id="key-expires" text={mistake && t(`mistake.expiresAt.${mistake.why}`)} />
    </Form.Group>
  )
}

/** Looked at when the field is left: nobody is told that an address is wrong which they are still typing. */
function Addresses({ fields, set, mistake: told }: OptionProps) {
  const { t } = useTranslation('named-keys')
  const [left, setLeft] = useState(false)
  const mistake = told ?? (left ? addressesMistake(fields.addresses) : undefined)
  return (
    <Form.Group controlId="key-addresses" className="mb-3">
      <Form.Label>{t('addressesLabel')}</Form.Label>
      <Form.Control
        as="textarea"
        rows={3}
        spellCheck={false}
        className="font-monospace"
        value={fields.addresses}
        {...described('key-addresses', mistake)}
        onChange={({ target }) => {
          setLeft(false)
          set({ addresses: target.value })
        }}
        onBlur={() => setLeft(true)}
      />
      <Form.Text as="p" id="key-addresses-help">
        {t('addressesHelp')}
      </Form.Text>
      <div aria-live="polite">
        <Mistake
          id="key-addresses"
          text={mistake && t(`mistake.addresses.${mistake.why}`, { line: mistake.line ?? '' })}
        />
      </div>
    </Form.Group>
  )
}

function OwnLimit({ fields, set, mistake, limit }: OptionProps & Pick<MoreOptionsProps, 'limit'>) {
  const { t } = useTranslation('named-keys')
  return (
    <Form.Group controlId="key-limit">
      <Form.Label>{limit ? t('limitLabel', { seconds: limit.windowSeconds }) : t('limitLabelPlain')}</Form.Label>
      <Form.Control
        inputMode="numeric"
        className="key-number"
        autoComplete="off"
        value={fields.ownLimit}
        {...described('key-limit', mistake)}
        onChange={({ target }) => set({ ownLimit: target.value })}
      />
      <Form.Text as="p" id="key-limit-help" className="mb-0">
        {t('limitHelp')}
      </Form.Text>
      <Mistake id="key-limit" text={mistake && t(`mistake.ownLimit.${mistake.why}`)} />
    </Form.Group>
  )
}

function Mistake({ id, text }: { id: string; text: string | undefined }) {
  if (text === undefined) return null
  return (
    <p id={`${id}-mistake`} className="text-danger small mb-0">
      {text}
    </p>
  )
}

/** Marks a field for the eye and for screen readers. */
function described(id: string, mistake: KeyMistake | undefined) {
  return {
    isInvalid: mistake !== undefined,
    'aria-invalid': mistake !== undefined,
    'aria-describedby': mistake ? `${id}-mistake ${id}-help` : `${id}-help`,
  }
}
