import { useTranslation } from 'react-i18next'

type ProviderLinkProps = { oidc: { name: string; startPath: string } | null; to: string }

/** Signs in with the provider, if the server has one: a link, for the browser leaves our pages. */
export function ProviderLink({ oidc, to }: ProviderLinkProps) {
  const { t } = useTranslation('sign-in')
  if (!oidc) return null
  return (
    <div className="provider">
      <p className="provider-or">
        <span>{t('or')}</span>
      </p>
      <a className="btn btn-outline-primary w-100" href={`${oidc.startPath}?to=${encodeURIComponent(to)}`}>
        {t('signInWith', { provider: oidc.name })}
      </a>
    </div>
  )
}
