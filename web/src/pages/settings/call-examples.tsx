import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Nav, Tab } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useForm } from '../../app/form.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { publishedQuery } from './api-key-queries.ts'
import { exampleAnswers } from './example-answers.ts'
import { calls, type Language, languages, type Place, snippet } from './snippets.ts'

/** Programs that call the API, filled in with this server and this form. */
export function CallExamples({ secret }: { secret: string | undefined }) {
  const { t } = useTranslation('api-key')
  const { id } = useForm()
  const published = useQuery(publishedQuery(id))
  const place: Place = {
    origin: location.origin,
    formId: id,
    versionId: published.data?.id,
    answers: published.data ? exampleAnswers(published.data.schema) : {},
    secret,
  }
  return (
    <section className="panel call-api" aria-labelledby="call-the-api">
      <div className="key-head">
        <h2 id="call-the-api" className="h5">
          {t('callTitle')}
        </h2>
        <Link to="/app/api-specification" search={{ f: id }}>
          {t('specification')}
        </Link>
      </div>
      <Tab.Container id="call-language" defaultActiveKey="curl">
        <Nav variant="underline" className="call-languages" aria-label={t('languages')}>
          {languages.map((language) => (
            <Nav.Item key={language} role="presentation">
              <Nav.Link as="button" type="button" eventKey={language}>
                {t(`language.${language}`)}
              </Nav.Link>
            </Nav.Item>
          ))}
        </Nav>
        <Tab.Content>
          {languages.map((language) => (
            <Tab.Pane key={language} eventKey={language} transition={false} mountOnEnter unmountOnExit>
              <p className="text-width">{t(secret ? `hintShown.${language}` : `hint.${language}`)}</p>
              <Programs language={language} place={place} />
            </Tab.Pane>
          ))}
        </Tab.Content>
      </Tab.Container>
    </section>
  )
}

function Programs({ language, place }: { language: Language; place: Place }) {
  const { t } = useTranslation('api-key')
  return calls.map((call) => {
    const code = snippet(language, call, place)
    const missing = place.versionId ? t('notInPowerBi') : t('notPublished')
    return (
      <div key={call}>
        <h3>{t(`call.${call}`)}</h3>
        {code ? (
          <CodeBlock
            code={code}
            what={t('program', { language: t(`language.${language}`), call: t(`call.${call}`) })}
          />
        ) : (
          <p className="text-width">{missing}</p>
        )}
      </div>
    )
  })
}
