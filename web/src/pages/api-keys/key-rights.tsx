import { useTranslation } from 'react-i18next'
import type { Scope } from '../../../../server/src/access/scope.ts'
import { useFormat } from '../../i18n/format.ts'
import { dangerousScopes, scopeGroups, textOfScope } from './key-scopes.ts'

/** What a key may do, in words: by what it reaches. */
export function KeyRights({ scopes }: { scopes: readonly Scope[] }) {
  const { t } = useTranslation('named-keys')
  const format = useFormat()
  const words = (some: readonly Scope[]) =>
    some.filter((scope) => scopes.includes(scope)).map((scope) => t(`right.${textOfScope(scope)}`))
  const dangerous = words(dangerousScopes)
  return (
    <ul className="key-rights">
      {scopeGroups.map(({ group, scopes: some }) => {
        const rights = words(some)
        return (
          rights.length > 0 && (
            <li key={group}>
              <span className="text-body-secondary">{t(`group.${group}`)}</span> {format.list(rights)}
            </li>
          )
        )
      })}
      {dangerous.length > 0 && (
        <li className="key-rights-danger">
          <span>{t('group.danger')}</span> {format.list(dangerous)}
        </li>
      )}
    </ul>
  )
}
