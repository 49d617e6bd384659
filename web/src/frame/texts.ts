import { I18n } from '@formio/js/lib/cjs/utils/i18n'
import { withFrenchSpaces } from '../i18n/french-spaces.ts'

const languages = import.meta.glob<Record<string, string>>('../languages/*/frame.json', { import: 'default' })

/** form.io's own words in a language (BCP 47): in English where there is no such file, or a word is missing in it. */
export async function loadTexts(language: string): Promise<Record<string, string>> {
  // form.io's types do not say what its table of languages holds.
  const { en } = I18n.languages as Record<string, Record<string, string>>
  return { ...en, ...(await fileIn(languages, language, 'frame')) }
}

const builderLanguages = import.meta.glob<Record<string, string>>('../languages/*/builder.json', { import: 'default' })

/**
 * Words of the builder's sidebar and dialogs, by their English. Apart from the others, because form.io looks up the labels
 * of a form's author too: what somebody called “Size” stays that in the form.
 */
export async function loadBuilderTexts(language: string): Promise<Record<string, string>> {
  return fileIn(builderLanguages, language, 'builder')
}

async function fileIn(files: typeof languages, language: string, name: string): Promise<Record<string, string>> {
  const base = language.split('-')[0]
  const found = (await files[`../languages/${base}/${name}.json`]?.()) ?? {}
  return base === 'fr' ? withFrenchSpaces(found) : found
}
