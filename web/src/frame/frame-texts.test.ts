import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import builderTexts from '../languages/fr/builder.json' with { type: 'json' }
import frameTexts from '../languages/fr/frame.json' with { type: 'json' }
import { calendarWords } from './calendar.ts'

const load = createRequire(import.meta.url)

/** What only a developer's console, or a service that we do not bring along, ever shows. */
const unseen = [
  /Deprecation$|OAuth|oAuth|oauth|reCaptcha|quill|SiteKey|Pdf|pdf|Quill|Support(?:Type)?(?:Error)?$|^unknown|^failedTo|^loading.*Error$/,
  /^(?:noDelimiterSet|noDragInfoError|noSelectDataConfiguration|urlNotAttachedToBtn|missingUrl|newFormSchema)$/,
  /^(?:calculatedPath|caretPosition|checkEntered|componentInvalidRow|editorFocus|iteratableRows|loadResources)/,
  /^(?:setPathError|subformSubmission|videoPlayer|pageNotFound|dropToStart)/,
  // An author's choice may well be called so, and would be translated too.
  /^Complete$/,
]

function filesIn(folder: string, exclude: string[]): string[] {
  return globSync('**/*.js', { cwd: folder, exclude }).map((file) => join(folder, file))
}

it('has French for whatever form.io says in a form', () => {
  const js = load.resolve('@formio/js/lib/cjs/components/textfield/TextField')
  const templates = createRequire(js).resolve('@formio/bootstrap')
  const folder = (path: string, end: string) => path.slice(0, path.lastIndexOf(end) + end.length)
  const sources = [
    ...filesIn(folder(js, '/components/'), ['**/*.form.js', '**/*.spec.js']),
    ...filesIn(join(folder(js, '/cjs/'), 'widgets'), []),
    ...filesIn(join(folder(templates, '/bootstrap/'), 'lib/cjs/templates/bootstrap5'), []),
  ]
  const asked = sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bt\('([^']+)'/g)].map(([, text]) => text ?? ''),
  )
  const known = { ...frameTexts, ...builderTexts }
  const missing = asked.filter((text) => !(text in known) && !unseen.some((each) => each.test(text)))
  expect(asked.length).toBeGreaterThan(100)
  expect([...new Set(missing)]).toEqual([])
})

describe('calendarWords', () => {
  it('names days and months as the language does', () => {
    const { weekdays, months } = calendarWords('fr-CA', {})
    expect([weekdays.longhand[0], weekdays.longhand[6]]).toEqual(['dimanche', 'samedi'])
    expect([months.longhand[0], months.longhand[7], months.longhand[11]]).toEqual(['janvier', 'août', 'décembre'])
  })

  it('takes from our texts what the browser does not know, and leaves out what we have no words for', () => {
    expect(calendarWords('fr', { hour: 'Heure' })).toMatchObject({ hourAriaLabel: 'Heure' })
    expect(calendarWords('fr', {})).not.toHaveProperty('hourAriaLabel')
  })
})
