import type flatpickr from 'flatpickr'
import { calendarWords, nameDays } from './calendar.ts'

declare global {
  interface Window {
    flatpickr?: typeof flatpickr
    Quill?: unknown
    ace?: unknown
  }
}

/**
 * What form.io would fetch from a content delivery network comes from our own files here, when it is first needed.
 * Whatever is not listed (captchas and map services of others) is refused: no page of ours asks a foreign host.
 */
const libraries: Record<string, () => Promise<unknown>> = {
  'flatpickr-css': () => import('flatpickr/dist/flatpickr.min.css'),
  flatpickr: async () => (window.flatpickr ??= (await import('flatpickr')).default),
  'quill-css-snow': () => import('quill/dist/quill.snow.css'),
  quill: async () => (window.Quill ??= (await import('quill')).default),
  'quill-table': async () => undefined,
  ace: () => import('./ace.ts').then(({ ace }) => (window.ace ??= ace)),
}

/**
 * Stands in for `Formio.requireLibrary`, whose promise is rejected for what we do not bring along.
 * @param texts form.io's words in the reader's language
 */
export function libraryLoader(texts: Record<string, string>): (name: string) => Promise<unknown> {
  return (name) => {
    // `flatpickr-fr-CA`: the calendar's words, asked for by the reader's language.
    const [, language] = /^flatpickr-([a-z]{2,3}(?:-[A-Za-z\d-]+)?)$/.exec(name) ?? []
    const load = libraries[name] ?? (language && (() => translateCalendar(language, texts)))
    return load ? load() : Promise.reject(new Error(`${name} is not available here.`))
  }
}

async function translateCalendar(language: string, texts: Record<string, string>): Promise<void> {
  const { default: flatpickr } = await import('flatpickr')
  // Its type lists the languages that it brings along, under which ours is one more.
  const words = flatpickr.l10ns as unknown as Record<string, object>
  words[language] = { ...flatpickr.l10ns.default, ...calendarWords(language, texts) }
  flatpickr.setDefaults({ onDayCreate: nameDays(language) })
}

/**
 * Time zones are the one thing that form.io fetches by itself, wherever there is a date. They come from our files too;
 * anything else that is fetched here fails, as the policy would have it.
 */
export function answerFetches(): void {
  window.fetch = async (input) => {
    const address = input instanceof Request ? input.url : String(input)
    if (!address.includes('/moment-timezone/')) throw new TypeError('The frame fetches nothing.')
    const zones = await import('moment-timezone/data/packed/latest.json')
    return Response.json(zones.default)
  }
}
