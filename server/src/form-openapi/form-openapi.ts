import { setImmediate as breathe } from 'node:timers/promises'
import { type Design, designOf, mergeDesigns } from '../exports/columns.ts'
import { declaredColumns } from '../exports/export-columns.ts'
import { layOut } from '../validation/field.ts'
import type { Validator } from '../validation/validator.ts'
import type { Definitions } from '../versions/definitions.ts'
import { answersSchema } from './answer-schema.ts'
import { exampleOf } from './example.ts'
import type { FormFacts } from './form-document.ts'
import { either, type JsonSchema } from './json-schema.ts'

type Deps = { definitions: Definitions; validator: Validator }
type VersionRow = { id: string; version: number; published: boolean }

/** What older versions asked for and newer ones do not is rarely looked for; reading hundreds of definitions is slow. */
export const versionsMax = 20

/** What a form's definitions say about its answers. @param versions all of the form, newest first */
export async function describedAnswers(
  { definitions, validator }: Deps,
  formId: string,
  versions: VersionRow[],
): Promise<Pick<FormFacts, 'version' | 'schemas' | 'columns' | 'example'>> {
  const published = versions.find((each) => each.published)
  const considered = versions.filter((each, place) => each === published || place < versionsMax)
  const designs: Design[] = []
  let stored: JsonSchema | undefined
  for (const { id } of considered) {
    const definition = await definitions.find(formId, id)
    if (!definition) continue
    const schema = definition.parse()
    designs.push(designOf(schema))
    const own = answersSchema(layOut(schema).fields, 'stored')
    stored = stored ? either(stored, own) : own
    // A definition of 20,000 components takes a while; others wait for this thread too.
    await breathe()
  }
  const newest = published && (await definitions.find(formId, published.id))
  const fields = newest && layOut(newest.parse()).fields
  return {
    version: published && { id: published.id, number: published.version },
    schemas: { sent: fields && answersSchema(fields, 'sent'), stored: stored ?? { type: 'object' } },
    columns: declaredColumns(mergeDesigns(designs)).map(({ name, label, valueType }) => ({ name, label, valueType })),
    example: newest && fields && (await exampleOf({ id: published.id, schema: newest.text }, fields, validator)),
  }
}
