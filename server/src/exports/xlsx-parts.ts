import { xmlAttribute } from './xlsx-cells.ts'
import type { ZipEntry } from './zip.ts'

/**
 * The parts of a workbook beside its sheets, after ECMA-376. No part holds a time or a random id, so the same rows make
 * the same bytes.
 */

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
export const mainNamespace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships'
const officeRelationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const contentTypes = 'http://schemas.openxmlformats.org/package/2006/content-types'
const sheetMl = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** What readers look at to tell an XLSX; it stands first. */
export const packageRelationships: ZipEntry = part(
  '_rels/.rels',
  `<Relationships xmlns="${relationships}"><Relationship Id="rId1" Type="${officeRelationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
)

/** The formats of cells, in the order of `styles`; the last one keeps a text from becoming a formula when it is edited. */
const cellFormats = [
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>',
  '<xf numFmtId="49" fontId="2" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>',
  '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>',
]

const font = (more: string) => `<font>${more}<sz val="11"/><color rgb="FF000000"/><name val="Calibri"/></font>`

export const stylesPart: ZipEntry = part(
  'xl/styles.xml',
  `<styleSheet xmlns="${mainNamespace}">` +
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>' +
    `<fonts count="3">${font('')}${font('<b/>')}${font('<i/>')}</fonts>` +
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7ECF2"/></patternFill></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${cellFormats.length}">${cellFormats.join('')}</cellXfs>` +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
)

export const sheetPath = (number: number): string => `xl/worksheets/sheet${number}.xml`

/** What names the sheets and tells where they are; known when the last one is written. */
export function workbookParts(sheetNames: readonly string[]): ZipEntry[] {
  const numbered = sheetNames.map((name, place) => ({ name, number: place + 1 }))
  const stylesId = `rId${sheetNames.length + 1}`
  return [
    part(
      'xl/workbook.xml',
      `<workbook xmlns="${mainNamespace}" xmlns:r="${officeRelationships}"><sheets>${numbered
        .map(({ name, number }) => `<sheet name="${xmlAttribute(name)}" sheetId="${number}" r:id="rId${number}"/>`)
        .join('')}</sheets></workbook>`,
    ),
    part(
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${relationships}">${numbered
        .map(
          ({ number }) =>
            `<Relationship Id="rId${number}" Type="${officeRelationships}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
        )
        .join(
          '',
        )}<Relationship Id="${stylesId}" Type="${officeRelationships}/styles" Target="styles.xml"/></Relationships>`,
    ),
    part(
      '[Content_Types].xml',
      `<Types xmlns="${contentTypes}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
        `<Override PartName="/xl/workbook.xml" ContentType="${sheetMl}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${sheetMl}.styles+xml"/>${numbered
          .map(({ number }) => `<Override PartName="/${sheetPath(number)}" ContentType="${sheetMl}.worksheet+xml"/>`)
          .join('')}</Types>`,
    ),
  ]
}

function part(name: string, xml: string): ZipEntry {
  return { name, text: [declaration + xml] }
}

/** How a sheet begins. @param columnWidths in characters @param headerRows how many rows stay in sight */
export function sheetStart(columnWidths: readonly number[], headerRows: number): string {
  const columns = columnWidths
    .map((width, place) => `<col min="${place + 1}" max="${place + 1}" width="${width}" customWidth="1"/>`)
    .join('')
  return (
    `${declaration}<worksheet xmlns="${mainNamespace}"><sheetViews><sheetView workbookViewId="0">` +
    `<pane ySplit="${headerRows}" topLeftCell="A${headerRows + 1}" activePane="bottomLeft" state="frozen"/>` +
    `</sheetView></sheetViews>${columns === '' ? '' : `<cols>${columns}</cols>`}<sheetData>`
  )
}

/** How a sheet ends. @param filtered the cells that can be filtered, such as `A2:F9` */
export function sheetEnd(filtered: string): string {
  return `</sheetData><autoFilter ref="${filtered}"/></worksheet>`
}
