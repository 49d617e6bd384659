import { expectedAnswer, isList } from '../validation/answers.ts'
import type { Field } from '../validation/field.ts'
import { type Answer, answersIn, isRequired } from './form-answers.ts'
import { addField, type JsonSchema, type Members, objectSchema } from './json-schema.ts'
import { optionsOf, textsIn } from './options.ts'
import { lengthsOf, numberOf, patternOf } from './rules-of-field.ts'

/**
 * `sent`: what a program may send and have taken, rules and all. `stored`: what is read back; drafts are stored without a
 * look at the rules, other versions had others, so only the types are told.
 */
export type Mode = 'sent' | 'stored'

/** Deeper than this nothing is described: keys with dots make levels too, and whoever writes a schema as text recurses. */
const levelsMax = 200

/** The schema of a form's answers, of the object in `submission.data`. */
export function answersSchema(fields: Field[], mode: Mode): JsonSchema {
  return objectOf(fields, true, mode, 0)
}

function objectOf(fields: Field[], certain: boolean, mode: Mode, level: number): JsonSchema {
  const members: Members = new Map()
  for (const answer of answersIn(fields, certain)) {
    const { keyPath } = answer.field
    const below = level + keyPath.length
    if (below > levelsMax) continue
    const required = mode === 'sent' && isRequired(answer)
    addField(members, keyPath, described(answer, schemaOf(answer, required, mode, below)), required)
  }
  return objectSchema(members)
}

function schemaOf(answer: Answer, required: boolean, mode: Mode, level: number): JsonSchema {
  const { field, certain } = answer
  if (field.nature === 'object') return objectOf(field.children, certain, mode, level)
  if (field.nature === 'form') return nestedForm(field, certain, mode, level)
  if (field.nature === 'rows') return rowsOf(field, certain, required, mode, level)
  if (isList(field)) {
    return { type: 'array', items: oneValue(field, true, mode), ...(required ? { minItems: 1 } : {}) }
  }
  return oneValue(field, required, mode)
}

function nestedForm({ children }: Field, certain: boolean, mode: Mode, level: number): JsonSchema {
  if (children.length === 0) return { type: 'object', additionalProperties: true }
  const schema = objectOf(children, certain, mode, level + 1)
  const members: Members = new Map()
  addField(members, ['data'], schema, false)
  return objectSchema(members)
}

function rowsOf(field: Field, certain: boolean, required: boolean, mode: Mode, level: number): JsonSchema {
  const { minLength, maxLength } = lengthsOf(field)
  return {
    type: 'array',
    items: objectOf(field.children, certain, mode, level + 1),
    ...(required ? { minItems: Math.max(1, minLength ?? 1) } : {}),
    ...(mode === 'sent' && maxLength !== undefined ? { maxItems: maxLength } : {}),
  }
}

/** One value of a field. What is not required may be left blank, as form.io's page does. */
function oneValue(field: Field, required: boolean, mode: Mode): JsonSchema {
  const sent = mode === 'sent'
  switch (expectedAnswer(field)) {
    case 'number':
    case 'numberOrText':
      return { type: required ? 'number' : ['number', 'null'], ...(sent ? boundsOf(field) : {}) }
    case 'boolean':
      return required ? { type: 'boolean', const: true } : { type: 'boolean' }
    case 'boxes':
      return boxesOf(field)
    case 'choice':
      return choiceOf(field, required, sent)
    case 'scalar':
      return field.component.type === 'radio' ? choiceOf(field, required, sent) : textOf(field, required, sent)
    case 'text':
      return textOf(field, required, sent)
    case 'maskedText':
      return maskedText(textOf(field, required, sent))
    case 'map':
      return field.component.type === 'survey' ? surveyOf(field, required, sent) : objectOfAnything
    case 'rows':
      return { type: 'array', items: objectOfAnything, ...(required ? { minItems: 1 } : {}) }
    case 'file':
      return { type: 'array', items: fileSchema, ...(required ? { minItems: 1 } : {}) }
    case 'tags':
      return { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }
    default:
      return {}
  }
}

const objectOfAnything: JsonSchema = { type: 'object', additionalProperties: true }
const fileSchema: JsonSchema = {
  type: 'object',
  properties: Object.fromEntries(
    ['name', 'originalName', 'size', 'type', 'storage', 'url'].map((key) => [
      key,
      { type: key === 'size' ? 'integer' : 'string' },
    ]),
  ),
  additionalProperties: true,
}

function maskedText(text: JsonSchema): JsonSchema {
  const properties = { value: { type: 'string' }, maskName: { type: 'string' } }
  return { anyOf: [text, { type: 'object', properties, additionalProperties: true }] }
}

function boundsOf(field: Field): JsonSchema {
  const [minimum, maximum] = [numberOf(field, 'min'), numberOf(field, 'max')]
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) }
}

/** The options of a list; read back, an answer may be an option of another version, or none at all. */
function choiceOf(field: Field, required: boolean, sent: boolean): JsonSchema {
  const options = optionsOf(field.component)
  if (!options) return field.component.type === 'radio' ? { type: ['string', 'number', 'boolean'] } : {}
  const types = [...new Set(options.map((option) => typeof option))]
  if (!sent) return { type: [...new Set([...types, 'string'])].sort(), examples: options }
  return { enum: required ? options : [...new Set([...options, ''])] }
}

function boxesOf({ component }: Field): JsonSchema {
  const members: Members = new Map()
  for (const value of textsIn(component.values)) addField(members, [value], { type: 'boolean' }, false)
  return { ...objectSchema(members), additionalProperties: { type: ['boolean', 'string', 'null'] } }
}

function surveyOf({ component }: Field, required: boolean, sent: boolean): JsonSchema {
  const choices = textsIn(component.values)
  const choice = sent && choices.length > 0 ? { enum: required ? choices : [...choices, ''] } : { type: 'string' }
  const members: Members = new Map()
  for (const question of textsIn(component.questions)) addField(members, [question], choice, required && sent)
  return objectSchema(members)
}

function textOf(field: Field, required: boolean, sent: boolean): JsonSchema {
  if (!sent) return { type: 'string' }
  const { component } = field
  const format = component.type === 'email' ? 'email' : component.type === 'datetime' ? 'date-time' : undefined
  const { minLength, maxLength } = lengthsOf(field)
  const pattern = patternOf(field)
  const least = minLength ?? (required ? 1 : undefined)
  const schema = {
    type: 'string',
    ...(format ? { format } : {}),
    ...(least === undefined ? {} : { minLength: least }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(pattern ? { pattern: pattern.pattern } : {}),
  }
  const refusesBlank = format !== undefined || pattern !== undefined || (least ?? 0) > 0
  return !required && refusesBlank ? { anyOf: [schema, { const: '' }] } : schema
}

/** What people read above the field, and its way to write times, which no keyword tells. */
function described({ field: { component } }: Answer, schema: JsonSchema): JsonSchema {
  const label = plainText(component.label)
  const hints = [plainText(component.tooltip), plainText(component.description), writingOf(component)]
  const description = [label || component.key, ...hints].filter(Boolean).join('\n\n')
  return { description, ...schema }
}

function writingOf(component: Field['component']): string {
  if (component.type === 'day') return component.dayFirst ? 'As DD/MM/YYYY.' : 'As MM/DD/YYYY.'
  if (component.type === 'time') return typeof component.dataFormat === 'string' ? '' : 'As HH:mm:ss.'
  return ''
}

const textMax = 300

/** A label without its markup. It is cut before that: an author may have written megabytes. */
function plainText(value: unknown): string {
  if (typeof value !== 'string') return ''
  const text = value
    .slice(0, 4 * textMax)
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return text.length > textMax ? `${text.slice(0, textMax)}…` : text
}
