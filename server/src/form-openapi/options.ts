import { type Component, isRecord } from '../validation/definition.ts'

type Scalar = string | number | boolean

/** Longer lists (all towns of a country) would make the document longer than anybody reads. */
const optionsMax = 1000

/**
 * The values that a radio or select offers, in their order; undefined where the definition does not list them (another
 * server, a script), or lists too many. Numbers and `true` come twice: form.io's page turns such a text into its value unless
 * the component says which type it has.
 */
export function optionsOf(component: Component): Scalar[] | undefined {
  const values = component.type === 'radio' ? valuesIn(component.values) : selectValues(component)
  if (!values || values.length === 0 || values.length > optionsMax) return undefined
  return [...new Set(values.flatMap((value) => asStored(value, component.dataType)))]
}

/** Readers of OpenAPI take a member of this name for a reference wherever it stands, so nothing of ours is called that. */
export const unspeakableKey = '$ref'

/** The values that a list of `{label, value}` names: of select boxes, or a survey's questions. */
export function textsIn(list: unknown): string[] {
  const values = (valuesIn(list) ?? []).map(String).filter((value) => value !== '' && value !== unspeakableKey)
  return [...new Set(values)].slice(0, optionsMax)
}

function selectValues(component: Component): Scalar[] | undefined {
  const { dataSrc, data, valueProperty } = component
  if (!isRecord(data)) return undefined
  if (dataSrc === undefined || dataSrc === '' || dataSrc === 'values') return valuesIn(data.values)
  if (dataSrc !== 'json') return undefined
  const list = typeof data.json === 'string' ? parsed(data.json) : data.json
  if (!Array.isArray(list)) return undefined
  const key = typeof valueProperty === 'string' ? valueProperty : ''
  const values = list.map((item) => (key !== '' && isRecord(item) && Object.hasOwn(item, key) ? item[key] : item))
  return values.every(isScalar) ? values : undefined
}

function valuesIn(list: unknown): Scalar[] | undefined {
  if (!Array.isArray(list)) return undefined
  return list.flatMap((option) => (isRecord(option) && isScalar(option.value) ? [option.value] : []))
}

function asStored(value: Scalar, dataType: unknown): Scalar[] {
  if (dataType === 'string') return [String(value)]
  const read = typeof value === 'string' ? readAs(value) : value
  if (dataType === 'number' || dataType === 'boolean') return [read]
  return [value, read]
}

/** What form.io's page makes of the text of an option. */
function readAs(text: string): Scalar {
  if (text === 'true' || text === 'false') return text === 'true'
  // Only what reads back as the same text: "007" and "1e3" stay texts.
  return text !== '' && String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
