import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { withFrenchSpaces } from './french-spaces.ts'
import { applyLanguage, preferredLanguage, storeLanguage } from './languages.ts'

type Texts = Record<string, unknown>
const files = import.meta.glob<Texts>('../languages/*/*.json', { import: 'default' })

/**
 * Starts the translations of the owners' app. Each page asks for its part by `useTranslation('forms')`; the file
 * `languages/<language>/forms.json` is loaded when the page is.
 */
export async function startTranslations(): Promise<void> {
  const language = preferredLanguage()
  applyLanguage(language)
  await i18next
    .use(initReactI18next)
    .use({
      type: 'backend',
      init: () => undefined,
      read: (wanted: string, namespace: string, done: (error: Error | null, texts: Texts | null) => void) => {
        const load = files[`../languages/${wanted}/${namespace}.json`]
        if (!load) return done(new Error(`No file ${wanted}/${namespace}.json`), null)
        load().then(
          (texts) => done(null, wanted === 'fr' ? withFrenchSpaces(texts) : texts),
          (error: Error) => done(error, null),
        )
      },
    })
    .init({
      lng: language,
      fallbackLng: 'en',
      ns: ['common', 'problems'],
      defaultNS: 'common',
      fallbackNS: 'common',
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    })
  i18next.on('languageChanged', (changed) => {
    applyLanguage(changed)
    storeLanguage(changed)
  })
}
