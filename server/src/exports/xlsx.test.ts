import { setImmediate } from 'node:timers/promises'
import { inflateRawSync } from 'node:zlib'
import readSheets from 'read-excel-file/node'
import { describe, expect, it } from 'vitest'
import { batchesOf, columnsOf, joined, rowOf, surveyForm } from '../../test/generated-rows.ts'
import type { ExportRow } from './exports.queries.ts'
import { xlsxBytes } from './xlsx.ts'

const columns = columnsOf({ n: 'number', a: 'text' })
const written = (batches: AsyncIterable<ExportRow[]>, sheetRows?: number) =>
  joined(xlsxBytes(batches, columns, surveyForm, { header: 'name', ...(sheetRows ? { sheetRows } : {}) }))
const numbered = (n: number) => ({ n, a: `row ${n}` })

/** The XML of a part, as the archive's own list tells where it is. */
function partOf(archive: Buffer, name: string): string {
  const entry = archive.lastIndexOf(name) - 46
  expect(archive.readUInt32LE(entry)).toBe(0x02014b50)
  const start = archive.readUInt32LE(entry + 42)
  const data = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28)
  return inflateRawSync(archive.subarray(data, data + archive.readUInt32LE(entry + 20))).toString()
}

describe('sheets', () => {
  it('go on in another one, with its header, when one has all its rows', async () => {
    const sheets = await readSheets(await written(batchesOf(5, numbered, 2), 4))
    expect(sheets.map(({ sheet }) => sheet)).toEqual(['Submissions', 'Submissions (2)', 'Submissions (3)'])
    const header = [
      ['n', 'a'],
      ['N', 'A'],
    ]
    expect(sheets.map(({ data }) => data)).toEqual([
      [...header, [0, 'row 0'], [1, 'row 1']],
      [...header, [2, 'row 2'], [3, 'row 3']],
      [...header, [4, 'row 4']],
    ])
  })

  it('do not begin without a row left for them', async () => {
    expect(await readSheets(await written(batchesOf(4, numbered), 6))).toHaveLength(1)
  })

  it('keep the header in sight, and can be filtered below it', async () => {
    const xml = partOf(await written(batchesOf(2, numbered)), 'xl/worksheets/sheet1.xml')
    expect(xml).toContain('<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>')
    expect(xml).toContain('<autoFilter ref="A2:B4"/>')
  })

  it('have no formula, whatever was sent', async () => {
    const formulas = ['=1+1', '=HYPERLINK("http://x","y")', '@SUM(1)', '\t=1', '<f>1+1</f>']
    const archive = await written(batchesOf(formulas.length, (n) => ({ n, a: formulas[n] })))
    expect(partOf(archive, 'xl/worksheets/sheet1.xml')).not.toMatch(/<f[ >]|t="str"/)
    const [sheet] = await readSheets(archive, { trim: false })
    expect(sheet?.data.slice(2).map(([, a]) => a)).toEqual(formulas)
  })

  it('of long texts come before memory is full of them', async () => {
    const long = (n: number) => ({ n, a: 'x'.repeat(1_500_000 + n) })
    const sheets = await readSheets(await written(batchesOf(4, long, 1)))
    expect(sheets.map(({ sheet }) => sheet)).toEqual(['Submissions', 'Long texts', 'Submissions (2)', 'Long texts (2)'])
    const lengths = [1, 3].map((place) =>
      sheets[place]?.data.slice(1).reduce((sum, row) => sum + String(row[4]).length, 0),
    )
    expect(lengths).toEqual([4_500_003, 1_500_003])
    expect(sheets[2]?.data[2]?.[1]).toMatch(/“Long texts \(2\)”\)$/)
  })
})

describe('the bytes', () => {
  it('do not depend on how the rows are read, or when', async () => {
    const once = await written(batchesOf(3000, numbered, 500))
    await setImmediate()
    expect(await written(batchesOf(3000, numbered, 7))).toEqual(once)
  })

  it('fail when the rows do', async () => {
    async function* failing() {
      yield [rowOf(numbered(1))]
      throw new Error('the database went away')
    }
    await expect(written(failing())).rejects.toThrow('the database went away')
  })

  it('end the reading of rows when nobody takes them any more', async () => {
    let ended = false
    async function* endless() {
      try {
        for (let n = 0; ; n += 1) yield [rowOf({ n, a: `${Math.sin(n)}`.repeat(50) })]
      } finally {
        ended = true
      }
    }
    const bytes = xlsxBytes(endless(), columns, surveyForm, { header: 'name' })
    for (let taken = 0; taken < 5; taken += 1) await bytes.next()
    await bytes.return(undefined)
    expect(ended).toBe(true)
  })
})
