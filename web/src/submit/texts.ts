import { withFrenchSpaces } from '../i18n/french-spaces.ts'

type Texts = { [name: string]: string | Texts }
export type Values = Record<string, string | number>

const files = import.meta.glob<Texts>('../languages/*/{common,submit}.json', { import: 'default' })
let texts: Texts = {}
let plural = new Intl.PluralRules('en')

/** Loads the texts of a language; English stands in for what it lacks. */
export async function loadTexts(language: string): Promise<void> {
  const wanted = [...new Set(['en', language])]
  const loaded = wanted.flatMap((each) =>
    ['common', 'submit'].map((file) => files[`../languages/${each}/${file}.json`]),
  )
  const merged: Texts = Object.assign({}, ...(await Promise.all(loaded.map((load) => load?.()))))
  texts = language === 'fr' ? withFrenchSpaces(merged) : merged
  plural = new Intl.PluralRules(language)
}

/**
 * A text by its name, with `{{values}}` put in, as i18next would give it from the same files. With a `count`, the form of
 * the name that the language's plural asks for. i18next itself would be a fifth of this page's script.
 */
export function t(name: string, values: Values = {}): string {
  const form = typeof values.count === 'number' ? find(`${name}_${plural.select(values.count)}`) : undefined
  const text = form ?? find(name) ?? find(`${name}_other`) ?? name
  return text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => String(values[key] ?? ''))
}

function find(name: string): string | undefined {
  let at: string | Texts | undefined = texts
  for (const part of name.split('.')) at = typeof at === 'object' ? at[part] : undefined
  return typeof at === 'string' ? at : undefined
}
