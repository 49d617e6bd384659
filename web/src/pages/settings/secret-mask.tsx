import { useTranslation } from 'react-i18next'

type SecretMaskProps = { prefix: string | null; hint: string | null }

/** A secret that is not shown: how it begins and ends. */
export function SecretMask({ prefix, hint }: SecretMaskProps) {
  const { t } = useTranslation('api-key')
  return (
    <>
      <span aria-hidden="true">{`${prefix ?? ''}••••••••••••${hint ?? ''}`}</span>
      <span className="visually-hidden">{t('masked', { hint: hint ?? '' })}</span>
    </>
  )
}
