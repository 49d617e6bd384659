import { describe, expect, it } from 'vitest'
import { rowCounter } from './row-counter.ts'

/** Cut into pieces of every size: a boundary may fall anywhere. */
function counted(format: 'csv' | 'json' | 'ndjson', text: string): (number | undefined)[] {
  const bytes = new TextEncoder().encode(text)
  return [1, 2, 3, 7, bytes.length].map((size) => {
    const counter = rowCounter(format)
    for (let start = 0; start < bytes.length; start += size) counter.push(bytes.slice(start, start + size))
    return counter.rows
  })
}

describe('rowCounter', () => {
  it.each<['csv' | 'json' | 'ndjson', string, number]>([
    ['csv', '', 0],
    ['csv', 'a,b\r\n', 0],
    ['csv', 'a,b\r\n1,2\r\n', 1],
    ['csv', 'a,b\r\n"1\r\n2","say ""x""\n"\r\n3,4\r\n', 2],
    ['json', '[]', 0],
    ['json', '[{"form":{"a":{}},"b":[{},{}]},{}]', 2],
    ['json', '[{"a":"{\\"{ \\\\"},{"b":"é}"}]', 2],
    ['ndjson', '{"a":[{}]}\n{"b":"\\n}"}\n', 2],
  ])('counts the rows of the %s %j', (format, text, rows) => {
    expect(counted(format, text)).toEqual([rows, rows, rows, rows, rows])
  })
})
