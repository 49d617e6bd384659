import type { ParquetWriter } from 'hyparquet-writer'
import type { ExportColumn } from './export-columns.ts'
import type { ValueType } from './value-type.ts'

/** A column of the file. The last one, of the misfits, has no column of the export. */
export type ParquetColumn = {
  name: string
  valueType: ValueType
  isMisfits: boolean
  /** The least and the greatest value of each row group, with which readers skip groups. */
  hasStatistics: boolean
}

type SchemaElement = ParquetWriter['schema'][number]

/** The columns of an export, and one for the values that fit into none of them. */
export function parquetColumns(columns: readonly ExportColumn[], header: 'name' | 'label'): ParquetColumn[] {
  const names = columns.map((column) => column[header])
  return [
    ...columns.map(({ valueType }, place) => column(names[place] ?? '', valueType, false)),
    column(freeName('misfits', new Set(names)), 'json', true),
  ]
}

function column(name: string, valueType: ValueType, isMisfits: boolean): ParquetColumn {
  return { name, valueType, isMisfits, hasStatistics: valueType !== 'json' }
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted
  for (let count = 2; taken.has(name); count += 1) name = `${wanted} (${count})`
  return name
}

/**
 * The file's schema. JSON columns are written as the texts that they are: told that a column is JSON, the writer would turn
 * each text into a JSON string. So `nameTypes`, called before the schema is written at the file's end, calls them JSON.
 */
export function schemaOf(columns: readonly ParquetColumn[]): { elements: SchemaElement[]; nameTypes(): void } {
  const fields = columns.map(({ name, valueType }) => elementOf(name, valueType))
  return {
    elements: [{ name: 'submissions', num_children: columns.length }, ...fields],
    nameTypes() {
      for (const [place, { valueType }] of columns.entries()) {
        const field = fields[place]
        if (valueType === 'json' && field)
          Object.assign(field, { converted_type: 'JSON', logical_type: { type: 'JSON' } })
      }
    },
  }
}

function elementOf(name: string, valueType: ValueType): SchemaElement {
  const field = { name, repetition_type: 'OPTIONAL' } as const
  switch (valueType) {
    case 'number':
      return { ...field, type: 'DOUBLE' }
    case 'boolean':
      return { ...field, type: 'BOOLEAN' }
    case 'dateTime':
      return {
        ...field,
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      }
    case 'text':
      return { ...field, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }
    case 'json':
      return { ...field, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
  }
}
