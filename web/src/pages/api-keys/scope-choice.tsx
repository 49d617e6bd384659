import { Alert, Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import type { Scope } from '../../../../server/src/access/scope.ts'
import type { KeyFields, KeyMistake } from './key-fields.ts'
import { dangerousScopes, presets, scopeGroups, scopesOfPreset, textOfScope, type WhyNot } from './key-scopes.ts'

type ScopeChoiceProps = {
  fields: KeyFields
  set(change: Partial<KeyFields>): void
  whyNot(scope: Scope): WhyNot | undefined
  mistake: KeyMistake | undefined
}

/** What a key may do: what most keys are for, or each right by itself. */
export function ScopeChoice({ fields, set, whyNot, mistake }: ScopeChoiceProps) {
  const { t } = useTranslation('named-keys')
  return (
    <fieldset className="key-fieldset">
      <legend>{t('mayLegend')}</legend>
      {mistake && (
        <p id="key-scopes-mistake" className="text-danger small">
          {t(`mistake.scopes.${mistake.why}`)}
        </p>
      )}
      {presets.map((preset) => (
        <div key={preset}>
          <Form.Check
            type="radio"
            name="key-preset"
            id={`key-preset-${preset}`}
            label={t(`preset.${preset}`)}
            checked={fields.preset === preset}
            aria-describedby={mistake ? 'key-scopes-mistake' : `key-preset-${preset}-text`}
            {...(mistake && fields.preset === preset ? { 'aria-invalid': true } : {})}
            // One's own choice starts from what was chosen before.
            onChange={() => set({ preset, scopes: scopesOfPreset(fields.preset) ?? fields.scopes })}
          />
          <p id={`key-preset-${preset}-text`} className="role-text">
            {t(`presetText.${preset}`)}
          </p>
        </div>
      ))}
      {fields.preset === 'own' && <Ticks fields={fields} set={set} whyNot={whyNot} />}
    </fieldset>
  )
}

type TicksProps = Omit<ScopeChoiceProps, 'mistake'>

function Ticks({ fields, set, whyNot }: TicksProps) {
  const { t } = useTranslation('named-keys')
  const toggle = (scope: Scope) => {
    const { scopes } = fields
    set({ scopes: scopes.includes(scope) ? scopes.filter((each) => each !== scope) : [...scopes, scope] })
  }
  const tick = (scope: Scope) => (
    <Tick
      key={scope}
      scope={scope}
      why={whyNot(scope)}
      checked={fields.scopes.includes(scope)}
      toggle={() => toggle(scope)}
    />
  )
  return (
    <div className="key-ticks">
      {scopeGroups.map(({ group, scopes }) => (
        <fieldset key={group}>
          <legend>{t(`group.${group}`)}</legend>
          {scopes.map(tick)}
        </fieldset>
      ))}
      <Alert variant="warning" className="mb-0">
        <fieldset>
          <legend>{t('group.danger')}</legend>
          <p className="small">{t('dangerText')}</p>
          {dangerousScopes.map(tick)}
        </fieldset>
      </Alert>
    </div>
  )
}

type TickProps = { scope: Scope; why: WhyNot | undefined; checked: boolean; toggle(): void }

function Tick({ scope, why, checked, toggle }: TickProps) {
  const { t } = useTranslation('named-keys')
  const id = `key-scope-${scope.replace(':', '-')}`
  return (
    <div className="role-tick">
      <Form.Check
        id={id}
        label={t(`scope.${textOfScope(scope)}`)}
        checked={checked && why === undefined}
        // Not `disabled`: the reason beside it must be found by the keyboard too.
        aria-disabled={why !== undefined}
        aria-describedby={`${id}-text`}
        onChange={() => {
          if (why === undefined) toggle()
        }}
      />
      <p id={`${id}-text`} className="role-text">
        {t(`scopeText.${textOfScope(scope)}`)} {why !== undefined && <em>{t(`whyNot.${why}`)}</em>}
      </p>
    </div>
  )
}
