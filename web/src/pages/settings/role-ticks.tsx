import { Form } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { roles, whyNotRole } from './team-roles.ts'

type RoleTicksProps = {
  legend: string
  /** The roles of the signed-in person on this form. */
  mine: readonly string[]
  /** Whose roles these are, as they are now. */
  member: { roles: readonly string[]; isSelf: boolean }
  wanted: readonly string[]
  onChange(wanted: string[]): void
  mistake: string | undefined
}

/** The roles of one person: what each is for, and why some cannot be given. */
export function RoleTicks({ legend, mine, member, wanted, onChange, mistake }: RoleTicksProps) {
  const toggled = (role: string) => (wanted.includes(role) ? wanted.filter((each) => each !== role) : [...wanted, role])
  return (
    <fieldset className="role-ticks">
      <legend className="h6">{legend}</legend>
      {mistake && (
        <p id="role-mistake" className="text-danger small">
          {mistake}
        </p>
      )}
      {roles.map((role) => (
        <RoleTick
          key={role}
          role={role}
          why={whyNotRole(role, mine, member)}
          checked={wanted.includes(role)}
          toggle={() => onChange(toggled(role))}
          isInvalid={mistake !== undefined}
        />
      ))}
    </fieldset>
  )
}

type RoleTickProps = { role: string; why: string | undefined; checked: boolean; isInvalid: boolean; toggle(): void }

function RoleTick({ role, why, checked, isInvalid, toggle }: RoleTickProps) {
  const { t } = useTranslation('team')
  return (
    <div className="role-tick">
      <Form.Check
        id={`role-${role}`}
        label={t(`role.${role}`)}
        checked={checked}
        // Not `disabled`: the reason beside it must be found by the keyboard too.
        aria-disabled={why !== undefined}
        aria-invalid={isInvalid}
        aria-describedby={isInvalid ? `role-mistake role-${role}-text` : `role-${role}-text`}
        onChange={() => {
          if (why === undefined) toggle()
        }}
      />
      <p id={`role-${role}-text`} className="role-text">
        {t(`roleText.${role}`)} {why !== undefined && <em>{t(why)}</em>}
      </p>
    </div>
  )
}
