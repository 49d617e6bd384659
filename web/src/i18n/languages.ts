/**
 * Languages: one folder each in `languages/`, one file for each part of the app. To add one, copy `en`, translate the
 * values, and add its name here; nothing else has to change.
 */
export const languageNames: Record<string, string> = { en: 'English', fr: 'Français' }

const storageKey = 'formgate.language'

/** What the person chose, else the first of the browser's languages that we have, else English. */
export function preferredLanguage(): string {
  const chosen = readStored()
  const wanted = chosen ? [chosen] : navigator.languages
  return wanted.map((tag) => tag.split('-')[0] ?? '').find((tag) => Object.hasOwn(languageNames, tag)) ?? 'en'
}

export function storeLanguage(language: string): void {
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // Storage can be switched off; the choice then lasts as long as the page.
  }
}

/** Writes language and direction into the document. */
export function applyLanguage(language: string): void {
  document.documentElement.lang = language
  document.documentElement.dir = ['ar', 'fa', 'he', 'ur'].includes(language) ? 'rtl' : 'ltr'
}

/** Locale for dates and numbers: the browser's own region of the language, such as `fr-CA`, where it names one. */
export function localeFor(language: string): string {
  return navigator.languages.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language
}

function readStored(): string | undefined {
  try {
    return localStorage.getItem(storageKey) ?? undefined
  } catch {
    return undefined
  }
}
