import { describe, expect, it } from 'vitest'
import { parseExpand, parseSelect } from './expand.ts'
import { optionsIn } from './query-options.ts'
import { assertVersionTaken, metadataFormatFor, pageSizeIn, representationFor } from './representation.ts'
import { skipTokenIn, skipTokenOf } from './skip-token.ts'

describe('the options of an address', () => {
  it.each([
    [{ $apply: 'x' }, '$apply: is not offered here'],
    [{ $search: 'x' }, '$search: is not offered here'],
    [{ filter: 'a eq 1' }, 'filter: is written $filter'],
    [{ '@p': '1' }, '@p: is not offered here'],
  ])('refuse what nobody would heed: %j', (query: object, message) => {
    expect(() => optionsIn(query)).toThrow(message)
  })

  it('refuse an order for a single entity', () => {
    expect(() => optionsIn({ $orderby: 'a' }, ['$select'])).toThrow('$orderby: is not offered here')
  })
})

describe('a selection', () => {
  it('is a list of names, or all', () => {
    expect([parseSelect('a, b,a'), parseSelect('a,*')]).toEqual([['a', 'b'], undefined])
    expect(() => parseSelect('a,,b')).toThrow('must name properties')
  })

  it('expands grids, and grids in them', () => {
    expect(parseExpand('a($select=x,y;$expand=b),c')).toEqual([
      { name: 'a', select: ['x', 'y'], expand: [{ name: 'b', select: undefined, expand: [] }] },
      { name: 'c', select: undefined, expand: [] },
    ])
  })

  it.each(['', 'a(', 'a()', 'a($filter=x eq 1)', 'a,a', 'a)b', `${'a($expand='.repeat(11)}a${')'.repeat(11)}`])(
    'refuses %j',
    (text) => {
      expect(() => parseExpand(text)).toThrow('$expand')
    },
  )
})

describe('a place in a list', () => {
  const place = {
    createdAt: new Date(5),
    id: '83dd71f3-26d9-4f13-bf48-c14a860c033c',
    rows: [1, 2],
    keys: ['é', null],
    pageSize: 7,
  }

  it('is found again', () => {
    expect(skipTokenIn(skipTokenOf(place))).toEqual(place)
  })

  it.each([
    '',
    'x',
    '[]',
    '[1,"x",[],[]]',
    '[1e99,"83dd71f3-26d9-4f13-bf48-c14a860c033c",[],[]]',
    '{"length":4}',
    'null',
  ])('is refused when nobody gave it: %j', (text) => {
    expect(() => skipTokenIn(Buffer.from(text).toString('base64url'))).toThrow('@odata.nextLink')
  })
})

describe('a reader', () => {
  it.each([
    [undefined, undefined, 'minimal'],
    [undefined, '*/*', 'minimal'],
    [undefined, 'application/json;odata.metadata=full', 'full'],
    [undefined, 'application/json;q=0.5;odata.metadata=full, application/json;odata.metadata=none', 'none'],
    [
      undefined,
      'application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/xml;q=0.7',
      'minimal',
    ],
    ['json', 'application/json;odata.metadata=full', 'minimal'],
    ['application/json;odata.metadata=none', undefined, 'none'],
  ])('with $format=%s and Accept: %s gets odata.metadata=%s', (format, accept, level) => {
    expect(representationFor(format, accept).level).toBe(level)
  })

  it.each(['xml', 'atom', 'application/json;odata.metadata=verbose'])('gets no %s', (format) => {
    expect(() => representationFor(format)).toThrow('$format')
  })

  it.each([
    [undefined, undefined, 'xml'],
    [undefined, 'application/xml', 'xml'],
    [undefined, 'application/json, */*;q=0.1', 'json'],
    ['json', 'application/xml', 'json'],
    ['application/xml', 'application/json', 'xml'],
  ])('of the metadata with $format=%s and Accept: %s gets %s', (format, accept, expected) => {
    expect(metadataFormatFor(format, accept)).toBe(expected)
  })

  it.each([
    ['odata.maxpagesize=100', 100],
    ['ratelimit=draft-10, maxpagesize="7"', 7],
    ['odata.maxpagesize=0', undefined],
    ['respond-async', undefined],
  ])('that sends Prefer: %s gets pages of %s', (prefer, size) => {
    expect(pageSizeIn(prefer)).toBe(size)
  })

  it('that knows only an older OData is refused', () => {
    for (const version of ['4.0', '4.01', undefined]) expect(() => assertVersionTaken(version)).not.toThrow()
    for (const version of ['3.0', 'x', '']) expect(() => assertVersionTaken(version)).toThrow('OData-MaxVersion')
  })
})
