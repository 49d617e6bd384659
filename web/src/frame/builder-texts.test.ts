import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import builderTexts from '../languages/fr/builder.json' with { type: 'json' }
import frameTexts from '../languages/fr/frame.json' with { type: 'json' }

const load = createRequire(import.meta.url)

/** The edit forms of what the sidebar offers. */
const editForms = [
  ...['textfield/TextField', 'textarea/TextArea', 'number/Number', 'password/Password', 'checkbox/Checkbox'],
  ...['selectboxes/SelectBoxes', 'select/Select', 'radio/Radio', 'button/Button', 'email/Email', 'url/Url'],
  ...['phonenumber/PhoneNumber', 'tags/Tags', 'datetime/DateTime', 'day/Day', 'time/Time', 'currency/Currency'],
  ...['survey/Survey', 'signature/Signature', 'file/File', 'html/HTML', 'content/Content', 'columns/Columns'],
  ...['fieldset/Fieldset', 'panel/Panel', 'table/Table', 'tabs/Tabs', 'well/Well', 'hidden/Hidden'],
  ...['container/Container', 'datamap/DataMap', 'datagrid/DataGrid', 'editgrid/EditGrid'],
]

/** Labels, titles and legends in an edit form, at any depth. */
function labelsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(labelsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const isText = ['label', 'title', 'legend'].includes(name) && typeof member === 'string' && /\p{L}/u.test(member)
    return isText ? [member] : labelsIn(member)
  })
}

it.each(editForms)('has French for every label in the dialog of %s', (name) => {
  const { components } = load(`@formio/js/lib/cjs/components/${name}.form`).default()
  const texts: Record<string, string> = { ...frameTexts, ...builderTexts }
  // The browser knows the names of currencies.
  const missing = labelsIn(components).filter((label) => !(label in texts) && !/ \([A-Z]{3}\),?$/.test(label))
  expect([...new Set(missing)]).toEqual([])
})
