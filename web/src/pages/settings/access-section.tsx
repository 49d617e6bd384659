import { Link } from '@tanstack/react-router'
import { Form } from 'react-bootstrap'
import { Trans, useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { accessModeOf } from './access-mode.ts'
import { AccessModeChoice } from './access-mode-choice.tsx'
import { SettingsForm, useSettings } from './settings-form.tsx'

/** Who may submit, and who may read what was submitted without being of the team. */
export function AccessSection() {
  const { t } = useTranslation('settings')
  const form = useForm()
  const stored = { mode: accessModeOf(form), sharing: form.enableSubmissionUrlSharing === true }
  const settings = useSettings(stored, ({ mode, sharing }) => ({
    ...(mode === stored.mode ? {} : { identityProviders: mode === 'team' ? [] : [{ code: mode }] }),
    ...(sharing === stored.sharing ? {} : { enableSubmissionUrlSharing: sharing }),
  }))
  const { fields, set } = settings
  return (
    <SettingsForm settings={settings} title={t('section.access')}>
      {() => (
        <>
          <AccessModeChoice mode={fields.mode} onChoose={(mode) => set({ mode })}>
            {fields.mode === 'team' && (
              <p className="small">
                <Trans
                  t={t}
                  i18nKey="chooseTeam"
                  components={{ a: <Link to="/app/form/manage" search={{ f: form.id, section: 'team' }} /> }}
                />
              </p>
            )}
          </AccessModeChoice>
          {fields.mode === 'public' && (
            <Form.Check
              id="sharing"
              label={
                <>
                  {t('sharing')}
                  <span className="d-block small text-body-secondary">{t('sharingHelp')}</span>
                </>
              }
              checked={fields.sharing}
              onChange={(event) => set({ sharing: event.target.checked })}
            />
          )}
        </>
      )}
    </SettingsForm>
  )
}
