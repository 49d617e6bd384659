import { Trans, useTranslation } from 'react-i18next'
import type { Scope } from '../../../../server/src/access/scope.ts'
import { useFormat } from '../../i18n/format.ts'
import { dangerousScopes, scopeGroups, textOfScope } from './key-scopes.ts'

const groups = [...scopeGroups, { group: 'danger' as const, scopes: dangerousScopes }]

/** What a key may do, in words: by what it reaches. */
export function KeyRights({ scopes }: { scopes: readonly Scope[] }) {
  return (
    <ul className="key-rights">
      {groups.map(({ group, scopes: some }) => {
        const given = some.filter((scope) => scopes.includes(scope))
        return given.length > 0 && <Rights key={group} group={group} given={given} />
      })}
    </ul>
  )
}

function Rights({ group, given }: { group: (typeof groups)[number]['group']; given: readonly Scope[] }) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  const rights = format.list(given.map((scope) => t(`right.${textOfScope(scope)}`)))
  return (
    <li className={`key-rights-${group}`}>
      <Trans
        t={t}
        i18nKey={`rightsOn.${group}`}
        components={{ on: <span className="key-rights-on" />, rights: <Words text={rights} /> }}
      />
    </li>
  )
}

function Words({ text }: { text: string }) {
  return text
}
