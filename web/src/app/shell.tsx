import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { Suspense } from 'react'
import { Container, Dropdown } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { useExplain } from '../ui/failure.tsx'
import { Loading } from '../ui/loading.tsx'
import { useNotices } from '../ui/notices.tsx'
import { LanguageChoice, SchemeChoice } from './choices.tsx'
import { leave, type SignedInPerson, useSession } from './session.tsx'

/** The frame of every page of the owners' app: a slim bar, the page, the footer. */
export function Shell() {
  const { t } = useTranslation()
  const person = useSession()
  return (
    <>
      <a className="skip-link" href="#content">
        {t('skipToContent')}
      </a>
      <header className="top-bar">
        <Container fluid="xl" className="top-bar-inner">
          <Link to="/app" className="brand">
            <img src="/app/icon.svg" alt="" width="28" height="28" /> Formgate
          </Link>
          <nav aria-label={t('mainNavigation')} className="top-nav">
            {person && (
              <Link to="/app" activeOptions={{ exact: true }}>
                {t('myForms')}
              </Link>
            )}
            <Link to="/app/api-specification">{t('api')}</Link>
            {person?.serverOwner && <Link to="/app/people">{t('people')}</Link>}
          </nav>
          {person ? <PersonMenu person={person} /> : <Link to="/app/sign-in">{t('signIn')}</Link>}
        </Container>
      </header>
      <main id="content" tabIndex={-1}>
        <Container fluid="xl">
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </Container>
      </main>
      <Footer />
    </>
  )
}

function PersonMenu({ person }: { person: SignedInPerson }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const notices = useNotices()
  const explain = useExplain()
  const signOut = async () => {
    try {
      await answer(api.POST('/app/api/auth/sign-out'))
      leave(queries)
      await navigate({ to: '/app/sign-in' })
    } catch (reason) {
      notices.failed(t('notSignedOut', { reason: explain(reason).text }))
    }
  }
  return (
    <Dropdown align="end">
      <Dropdown.Toggle variant="link" className="person-menu">
        {person.name}
      </Dropdown.Toggle>
      <Dropdown.Menu>
        <Dropdown.ItemText className="small text-body-secondary">{person.email}</Dropdown.ItemText>
        <Dropdown.Item as={Link} to="/app/account">
          {t('account')}
        </Dropdown.Item>
        <Dropdown.Divider />
        <Dropdown.Item as="button" onClick={signOut}>
          {t('signOut')}
        </Dropdown.Item>
      </Dropdown.Menu>
    </Dropdown>
  )
}

export const operatorPages = ['terms', 'privacy', 'security', 'service-agreement', 'accessibility'] as const

function Footer() {
  const { t } = useTranslation()
  return (
    <footer className="footer">
      <Container fluid="xl" className="footer-inner">
        <nav aria-label={t('footerNavigation')}>
          {operatorPages.map((name) => (
            <Link key={name} to="/app/pages/$name" params={{ name }}>
              {t(`footer.${name}`)}
            </Link>
          ))}
        </nav>
        <div className="footer-choices">
          <span className="footer-choice">
            <label htmlFor="footer-language">{t('language')}</label>
            <LanguageChoice size="sm" id="footer-language" />
          </span>
          <span className="footer-choice">
            <label htmlFor="footer-scheme">{t('appearance')}</label>
            <SchemeChoice size="sm" id="footer-scheme" />
          </span>
        </div>
      </Container>
    </footer>
  )
}
