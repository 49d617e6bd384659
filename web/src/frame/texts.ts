import { withFrenchSpaces } from '../i18n/french-spaces.ts'

const languages = import.meta.glob<Record<string, string>>('../languages/*/frame.json', { import: 'default' })

/** form.io's own words in a language (BCP 47), as far as we have any; in English it brings them itself. */
export async function loadTexts(language: string): Promise<Record<string, string>> {
  return fileIn(languages, language, 'frame')
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
