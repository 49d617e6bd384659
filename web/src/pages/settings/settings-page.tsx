import './settings.scss'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormId } from '../../app/form.ts'
import { type SettingsSection, settingsSections } from '../../app/router.tsx'
import { Page } from '../../ui/page.tsx'
import { AccessSection } from './access-section.tsx'
import { ApiKeySection } from './api-key-section.tsx'
import { DangerSection } from './danger-section.tsx'
import { DataSection } from './data-section.tsx'
import { GeneralSection } from './general-section.tsx'
import { TeamSection } from './team-section.tsx'

const sections: Record<SettingsSection, () => React.ReactNode> = {
  general: GeneralSection,
  access: AccessSection,
  team: TeamSection,
  'api-key': ApiKeySection,
  data: DataSection,
  danger: DangerSection,
}

/** Form settings: `/app/form/manage?f=<formId>&section=…`. */
export function SettingsPage() {
  const { t } = useTranslation('settings')
  const formId = useFormId()
  const { section: asked } = useSearch({ from: '/signed-in/form/app/form/manage' })
  const section = asked ?? 'general'
  const Section = sections[section]
  return (
    <Page title={t('title')}>
      <div className="settings">
        <nav className="settings-nav" aria-label={t('sections')}>
          {settingsSections.map((each) => (
            <Link
              key={each}
              to="/app/form/manage"
              search={{ f: formId, section: each }}
              // The router would mark none while the address names no section.
              activeProps={{}}
              className={each === section ? 'active' : ''}
              aria-current={each === section ? 'page' : undefined}
            >
              {t(`section.${each}`)}
            </Link>
          ))}
        </nav>
        <div className="settings-section">
          {/* Each form has its own fields: what was typed for one must not show up in another. */}
          <Section key={formId} />
        </div>
      </div>
    </Page>
  )
}
