import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { Button, Form, Modal } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { type Scope, scopes, scopesBeyond } from '../../../../server/src/access/scope.ts'
import { ApiProblem } from '../../api/problem.ts'
import { permissionsQuery, useFormId } from '../../app/form.ts'
import { Failure } from '../../ui/failure.tsx'
import { DialogAlert } from '../settings/dialog-alert.tsx'
import { focusFirstMistake } from '../settings/focus-first-mistake.ts'
import { TextSetting } from '../settings/text-setting.tsx'
import { fieldsOf, type KeyFields, type KeyMistakes, mistakesFrom, mistakesIn, newKeyFields } from './key-fields.ts'
import { whyNotScope } from './key-scopes.ts'
import { MoreOptions } from './more-options.tsx'
import type { NamedKey } from './named-key-queries.ts'
import { ScopeChoice } from './scope-choice.tsx'

type KeyFormProps = {
  /** The key to change; a new one is made when absent. */
  before?: NamedKey
  /** The form's keys. */
  keys: NamedKey[]
  action: string
  /** What did not happen, should it fail. */
  failed: string
  /** The words for a conflict that is not about the name. */
  conflict: string
  onSave(fields: KeyFields, possible: readonly Scope[]): Promise<unknown>
  onClose(): void
}

/** The settings of a key, new or not: each mistake stands at its field, the first takes the focus, nothing typed is lost. */
export function KeyForm({ before, keys, action, failed, conflict, onSave, onClose }: KeyFormProps) {
  const { t } = useTranslation('named-keys')
  const { t: common } = useTranslation()
  const form = useRef<HTMLFormElement>(null)
  const [fields, setFields] = useState<KeyFields>(before ? fieldsOf(before) : newKeyFields)
  const [mistakes, setMistakes] = useState<KeyMistakes>({})
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const whyNot = useWhyNot(fields.test, before)
  const possible = scopes.filter((scope) => whyNot(scope) === undefined)

  const set = (change: Partial<KeyFields>) => {
    setFields((typed) => ({ ...typed, ...change }))
    // What was wrong with a field is not known of what is typed there now.
    const touched = Object.keys(change).map((name) => (name === 'preset' || name === 'test' ? 'scopes' : name))
    setMistakes((found) => Object.fromEntries(Object.entries(found).filter(([name]) => !touched.includes(name))))
  }
  const complain = (found: KeyMistakes) => {
    setMistakes(found)
    if (Object.keys(found).length > 0) focusFirstMistake(form.current)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const taken = keys.filter(({ id }) => id !== before?.id).map(({ name }) => name)
    const found = mistakesIn(fields, { taken, before, possible, now: Date.now() })
    complain(found)
    setError(undefined)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    try {
      await onSave(fields, possible)
    } catch (reason) {
      const refused = reason instanceof ApiProblem ? mistakesFrom(reason, fields) : {}
      if (Object.keys(refused).length === 0) setError(reason)
      complain(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Form ref={form} onSubmit={submit} noValidate className="modal-form">
      <Modal.Body>
        <DialogAlert error={error}>
          {error !== undefined && <Failure error={error} what={failed} texts={{ conflict }} />}
        </DialogAlert>
        {before?.isDefault ? (
          <p>{t('defaultKeepsName')}</p>
        ) : (
          <TextSetting
            id="key-name"
            label={t('nameLabel')}
            help={t('nameHelp')}
            value={fields.name}
            maxLength={100}
            required
            autoFocus
            mistake={mistakes.name && t(`mistake.name.${mistakes.name.why}`)}
            onChange={(name) => set({ name })}
          />
        )}
        <ScopeChoice fields={fields} set={set} whyNot={whyNot} mistake={mistakes.scopes} />
        {!before && <TestTick fields={fields} set={set} />}
        <MoreOptions fields={fields} set={set} mistakes={mistakes} limit={(before ?? keys[0])?.rateLimit} />
      </Modal.Body>
      <Modal.Footer>
        <Button variant="outline-secondary" onClick={onClose}>
          {common('cancel')}
        </Button>
        <Button type="submit" aria-disabled={busy}>
          {action}
        </Button>
      </Modal.Footer>
    </Form>
  )
}

/** Why a scope cannot be given to this key by this person. */
function useWhyNot(test: boolean, before: NamedKey | undefined) {
  const { data: permissions } = useQuery(permissionsQuery(useFormId()))
  const beyond = scopesBeyond(permissions ?? new Set(), scopes)
  return (scope: Scope) => whyNotScope(scope, { test, beyond, given: before?.scopes ?? [] })
}

function TestTick({ fields, set }: { fields: KeyFields; set(change: Partial<KeyFields>): void }) {
  const { t } = useTranslation('named-keys')
  return (
    <div className="key-test">
      <Form.Check
        id="key-test"
        label={t('testLabel')}
        checked={fields.test}
        aria-describedby="key-test-text"
        onChange={({ target }) => set({ test: target.checked })}
      />
      <p id="key-test-text" className="role-text">
        {t('testText')}
      </p>
    </div>
  )
}
