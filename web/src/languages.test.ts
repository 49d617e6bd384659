import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { languageNames } from './i18n/languages.ts'

const sources = import.meta.dirname
const folder = join(sources, 'languages')
const languages = Object.keys(languageNames)
const others = languages.filter((language) => language !== 'en')
/** form.io's own texts are keyed by themselves in English, so that English needs none. */
const ofFormio = ['frame', 'builder']
const namespaces = readdirSync(join(folder, 'en'))
  .map((file) => file.replace('.json', ''))
  .filter((namespace) => !ofFormio.includes(namespace))

/** The texts of a file by their full names, such as `role.owner`. */
function textsOf(language: string, namespace: string): Map<string, string> {
  const flatten = (texts: object, prefix: string): [string, string][] =>
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null
        ? flatten(value, `${prefix}${key}.`)
        : [[prefix + key, String(value)] as [string, string]],
    )
  return new Map(flatten(JSON.parse(readFileSync(join(folder, language, `${namespace}.json`), 'utf8')), ''))
}

const plural = /_(?:zero|one|two|few|many|other)$/
const stem = (key: string) => key.replace(plural, '')
const stems = (texts: Map<string, string>) => [...new Set([...texts.keys()].map(stem))].sort()
const placeholders = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name).sort()

it('has the same files in each language', () => {
  const files = languages.map((language) => readdirSync(join(folder, language)).sort())
  for (const each of files) expect(each).toEqual(files[0])
})

describe.each(namespaces)('%s.json', (namespace) => {
  const english = textsOf('en', namespace)

  it.each(others)('says in %s all that it says in English, and no more', (language) => {
    expect(stems(textsOf(language, namespace))).toEqual(stems(english))
  })

  it.each(languages)('has all forms of the plural that %s knows', (language) => {
    const texts = textsOf(language, namespace)
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const counted = [...new Set([...texts.keys()].filter((key) => plural.test(key)).map(stem))]
    const missing = counted.flatMap((key) => forms.map((form) => `${key}_${form}`)).filter((key) => !texts.has(key))
    expect(missing).toEqual([])
  })

  it.each(languages)('leaves nothing empty in %s', (language) => {
    expect([...textsOf(language, namespace)].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it.each(others)('puts the same values into the texts in %s', (language) => {
    const wanted = new Map([...english].map(([key, text]) => [stem(key), placeholders(text)]))
    const wrong = [...textsOf(language, namespace)].filter(
      ([key, text]) =>
        // "one person" may spell the number out.
        placeholders(text).join() !== wanted.get(stem(key))?.join() && !plural.test(key),
    )
    expect(wrong).toEqual([])
  })
})

describe.each(ofFormio)('%s.json', (namespace) => {
  it.each(others)('leaves nothing empty in %s', (language) => {
    const texts = [...textsOf(language, namespace)]
    expect(texts).not.toEqual([])
    expect(texts.filter(([, text]) => text.trim() === '')).toEqual([])
  })
})

it.each([...namespaces, ...ofFormio])('sets the marks of French alike in %s.json', (namespace) => {
  // A space before ; ? ! and inside quotation marks, none before an ellipsis: i18n/french-spaces.ts keeps it from breaking.
  const wrong = [...textsOf('fr', namespace).values()].filter((text) =>
    /[\p{L}\p{N}»})][;?!](?:\s|$)|\s…|«\S|\S»|\.\.\.|'/u.test(text),
  )
  expect(wrong).toEqual([])
})

const known = new Map(namespaces.map((namespace) => [namespace, textsOf('en', namespace)]))

/** The parts of the language files that a source asks for; undefined where it is handed its `t`. */
function namespacesOf(path: string, source: string): string[] | undefined {
  if (path.startsWith('submit/')) return ['common', 'submit']
  const asked = [...source.matchAll(/useTranslation\(([^)]*)\)|\bns: (['"][\w-]+['"])/g)]
  if (asked.length === 0) return undefined
  const named = asked.flatMap(([, list, one]) => [...(list ?? one ?? '').matchAll(/['"]([\w-]+)['"]/g)])
  return ['common', ...named.map(([, name]) => name ?? '')]
}

function isKnown(key: string, where: string[]): boolean {
  return where.some((namespace) => {
    const texts = known.get(namespace)
    return texts !== undefined && (texts.has(key) || texts.has(`${key}_other`))
  })
}

function startsSome(prefix: string, where: string[]): boolean {
  return where.some((namespace) => [...(known.get(namespace)?.keys() ?? [])].some((key) => key.startsWith(prefix)))
}

it('has a text for each name that the code asks for', () => {
  const missing = globSync('**/*.{ts,tsx}', {
    cwd: sources,
    exclude: ['**/*.test.ts', '**/*.d.ts', 'frame/**'],
  }).flatMap((file) => {
    const path = relative(sources, join(sources, file)).split(sep).join('/')
    const source = readFileSync(join(sources, file), 'utf8')
    const where = namespacesOf(path, source) ?? namespaces
    const names = [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, name]) => name ?? '')
    const beginnings = [...source.matchAll(/\bt\(\s*`([^`$]+)\$\{/g)].map(([, name]) => name ?? '')
    return [
      ...names.filter((name) => !isKnown(name, where)),
      ...beginnings.filter((name) => !startsSome(name, where)),
    ].map((name) => `${path}: ${name}`)
  })
  expect(missing).toEqual([])
})
