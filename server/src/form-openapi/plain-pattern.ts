/**
 * A pattern that is written with literals, classes and bounded groups alone, with a text that matches it. Anything else
 * (look-around, references, repeats within repeats) is not plain: we could make no example of it, and some would cost
 * whoever checks by it seconds for each text.
 */
export type PlainPattern = { pattern: string; sample: string }

type Reading = { text: string; at: number; repeats: boolean }

const textMax = 200
const depthMax = 5
/** What each class of characters is shown by. */
const classSamples: Record<string, string> = { d: '5', w: 'a', s: ' ', D: 'x', W: '-', S: 'x' }

/**
 * Reads the pattern of a form.io rule, which is meant from the text's beginning to its end.
 * @returns undefined for one that is not plain
 */
export function plainPattern(pattern: string): PlainPattern | undefined {
  if (pattern === '' || pattern.length > textMax) return undefined
  const reading: Reading = { text: pattern, at: 0, repeats: false }
  const sample = readAlternatives(reading, 0)
  if (sample === undefined || reading.at < pattern.length || sample.length > textMax) return undefined
  return matchesItself(`^${pattern}$`, sample) ? { pattern: `^${pattern}$`, sample } : undefined
}

/** JSON Schema reads patterns as Unicode ones (2020-12 §6.4), in which stray escapes are errors. */
function matchesItself(pattern: string, sample: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(sample)
  } catch {
    return false
  }
}

/** The sample of the first alternative; the others are read to find the end. */
function readAlternatives(reading: Reading, depth: number): string | undefined {
  const first = readSequence(reading, depth)
  while (first !== undefined && reading.text[reading.at] === '|') {
    reading.at += 1
    if (readSequence(reading, depth) === undefined) return undefined
  }
  return first
}

function readSequence(reading: Reading, depth: number): string | undefined {
  let sample = ''
  while (reading.at < reading.text.length && !/[|)]/.test(reading.text[reading.at] ?? '')) {
    const repeatsBefore = reading.repeats
    reading.repeats = false
    const atom = readAtom(reading, depth)
    const times = atom === undefined ? undefined : readTimes(reading)
    if (atom === undefined || times === undefined) return undefined
    // A repeat of what repeats can be tried in too many ways.
    if (times.many && reading.repeats) return undefined
    reading.repeats ||= repeatsBefore || times.many
    sample += atom.repeat(times.least)
    if (sample.length > textMax) return undefined
  }
  return sample
}

function readAtom(reading: Reading, depth: number): string | undefined {
  const character = reading.text[reading.at] ?? ''
  reading.at += 1
  if (character === '(') return depth < depthMax ? readGroup(reading, depth + 1) : undefined
  if (character === '[') return readClass(reading)
  if (character === '\\') return readEscape(reading)
  if (character === '.') return 'x'
  if (character === '^') return reading.at === 1 ? '' : undefined
  if (character === '$') return reading.at === reading.text.length ? '' : undefined
  return /[*+?{}\]]/.test(character) ? undefined : character
}

function readGroup(reading: Reading, depth: number): string | undefined {
  if (reading.text.startsWith('?:', reading.at)) reading.at += 2
  else if (reading.text[reading.at] === '?') return undefined
  const sample = readAlternatives(reading, depth)
  if (sample === undefined || reading.text[reading.at] !== ')') return undefined
  reading.at += 1
  return sample
}

function readEscape(reading: Reading): string | undefined {
  const character = reading.text[reading.at] ?? ''
  reading.at += 1
  if (Object.hasOwn(classSamples, character)) return classSamples[character]
  return /[a-z0-9]/i.test(character) ? undefined : character
}

/** One character of a class such as `[A-Z0-9_]`; of those that exclude, none. */
function readClass(reading: Reading): string | undefined {
  const end = /^(?:[^\]\\]|\\.)+\]/.exec(reading.text.slice(reading.at))?.[0]
  if (end === undefined || end.startsWith('^')) return undefined
  reading.at += end.length
  const [first = '', second = ''] = end
  return first === '\\' ? (classSamples[second] ?? second) : first
}

function readTimes(reading: Reading): { least: number; many: boolean } | undefined {
  const found = /^(?:[?*+]|\{(\d{1,3})(,(\d{0,3}))?\})/.exec(reading.text.slice(reading.at))
  if (!found) return { least: 1, many: false }
  const [all, least, comma, most] = found
  reading.at += all.length
  // A quantifier of a quantifier makes it lazy; nobody needs that in a rule for whole texts.
  if (/[?+*{]/.test(reading.text[reading.at] ?? '')) return undefined
  if (all === '?') return { least: 0, many: false }
  if (all === '*') return { least: 0, many: true }
  if (all === '+') return { least: 1, many: true }
  return { least: Number(least), many: comma !== undefined && most !== least }
}
