import { problems } from '../problem.ts'
import type { MetadataLevel } from './entity-text.ts'

/** How a reply is written. */
export type Representation = { format: 'json' | 'xml'; level: MetadataLevel; contentType: string }

const levels: readonly MetadataLevel[] = ['none', 'minimal', 'full']

/**
 * What a reader takes: by `$format`, or else by the best JSON that `Accept` names (RFC 9110 §12.5.1). A reader that names
 * nothing that we have gets JSON all the same.
 * @throws Problem 400 for a `$format` that is not offered
 */
export function representationFor(format: string | undefined, accept = ''): Representation {
  const wanted = format === undefined ? bestOf(accept) : named(format)
  if (!wanted) {
    throw problems.invalidQuery([
      { path: '$format', message: 'must be json, with odata.metadata=none, minimal or full' },
    ])
  }
  return { format: 'json', level: wanted, contentType: jsonTypeWith(wanted) }
}

/** The same for `$metadata`, which is XML unless JSON is asked for. */
export function metadataFormatFor(format: string | undefined, accept = ''): 'json' | 'xml' {
  if (format === undefined)
    return rangesIn(accept).find(({ type }) => /\/(json|xml|\*)$/.test(type))?.type === 'application/json'
      ? 'json'
      : 'xml'
  if (/^(application\/)?xml$/i.test(format)) return 'xml'
  if (named(format)) return 'json'
  throw problems.invalidQuery([{ path: '$format', message: 'must be xml or json' }])
}

export function jsonTypeWith(level: MetadataLevel): string {
  return `application/json;odata.metadata=${level};charset=utf-8`
}

function named(format: string): MetadataLevel | undefined {
  if (format.toLowerCase() === 'json') return 'minimal'
  const [range] = rangesIn(format)
  return range?.type === 'application/json' ? levelIn(range.parameters) : undefined
}

function bestOf(accept: string): MetadataLevel {
  const json = rangesIn(accept).filter(({ type }) => type === 'application/json')
  return json.map(({ parameters }) => levelIn(parameters)).find((level) => level !== undefined) ?? 'minimal'
}

type Range = { type: string; parameters: Map<string, string>; weight: number }

function rangesIn(accept: string): Range[] {
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((range) => {
      const [type = '', ...rest] = range.split(';').map((part) => part.trim())
      const parameters = new Map(
        rest.map((each) => [each.split('=')[0]?.trim() ?? '', each.split('=')[1]?.trim() ?? '']),
      )
      return { type, parameters, weight: Number(parameters.get('q') ?? 1) }
    })
  return ranges.filter(({ weight }) => weight > 0).sort((one, other) => other.weight - one.weight)
}

function levelIn(parameters: ReadonlyMap<string, string>): MetadataLevel | undefined {
  const name = parameters.get('odata.metadata') ?? 'minimal'
  return levels.find((level) => level === name)
}

/** Pages that the reader wants at most (OData 4.0 protocol §8.2.8.5); undefined when it says nothing. */
export function pageSizeIn(prefer: string | string[] | undefined): number | undefined {
  const found = /(?:^|[,;\s])(?:odata\.)?maxpagesize\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(
    [prefer ?? []].flat().join(','),
  )
  const size = Number(found?.[1] ?? 0)
  return size > 0 ? size : undefined
}

/** Readers that know only an older OData would misread us (OData 4.0 protocol §8.1.7). @throws Problem 400 */
export function assertVersionTaken(newest: string | undefined): void {
  const version = newest === undefined ? 4 : Number.parseFloat(newest)
  if (!(version >= 4)) throw problems.invalidHeaders([{ path: 'OData-MaxVersion', message: 'must be 4.0 or higher' }])
}
