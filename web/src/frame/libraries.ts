import type flatpickr from 'flatpickr'

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
  'flatpickr-fr': async () => {
    const [{ default: flatpickr }, { French }] = await Promise.all([
      import('flatpickr'),
      import('flatpickr/dist/l10n/fr.js'),
    ])
    flatpickr.localize(French)
  },
  'quill-css-snow': () => import('quill/dist/quill.snow.css'),
  quill: async () => (window.Quill ??= (await import('quill')).default),
  'quill-table': async () => undefined,
  ace: () => import('./ace.ts').then(({ ace }) => (window.ace ??= ace)),
}

/** Stands in for `Formio.requireLibrary`. Rejects for what we do not bring along. */
export function loadLibrary(name: string): Promise<unknown> {
  const load = libraries[name]
  return load ? load() : Promise.reject(new Error(`${name} is not available here.`))
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
