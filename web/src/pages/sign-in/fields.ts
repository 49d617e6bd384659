import { useTranslation } from 'react-i18next'
import type { Field } from '../../ui/fields-form.tsx'

/** As in the API's schema. */
const passwordMaxLength = 128
const nameMaxLength = 200

/** The fields of the forms that are about one's account, in the reader's language. */
export function useAccountFields() {
  const { t } = useTranslation('sign-in')
  return {
    email: (): Field => ({
      name: 'email',
      label: t('email'),
      type: 'email',
      autoComplete: 'username',
      check: (value) => (/^\S+@\S+\.\S+$/.test(value) ? undefined : t('emailWrong')),
      refused: t('emailRefused'),
    }),
    name: (initial?: string): Field => ({
      name: 'name',
      label: t('name'),
      type: 'text',
      autoComplete: 'name',
      help: t('nameHelp'),
      ...(initial === undefined ? {} : { initial }),
      check: (value) => (value.length > 0 && value.length <= nameMaxLength ? undefined : t('nameWrong')),
      refused: t('nameWrong'),
    }),
    presentPassword: (name: string, label: string): Field => ({
      name,
      label,
      type: 'password',
      autoComplete: 'current-password',
      check: (value) => (value.length > 0 ? undefined : t('passwordMissing')),
      refused: t('passwordMissing'),
    }),
    newPassword: (name: string, label: string, min: number): Field => ({
      name,
      label,
      type: 'password',
      autoComplete: 'new-password',
      help: t('newPasswordHelp', { count: min }),
      check: (value) =>
        value.length >= min && value.length <= passwordMaxLength
          ? undefined
          : t('newPasswordWrong', { min, max: passwordMaxLength }),
      refused: t('newPasswordWrong', { min, max: passwordMaxLength }),
    }),
  }
}
