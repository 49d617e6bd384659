/** How a component takes part in the answers' shape. */
export type Nature = 'value' | 'rows' | 'object' | 'form' | 'layout' | 'content'

/** What JSON a component's answer may be. `any` where form.io itself stores anything. */
export type Expected =
  | 'any'
  | 'boolean'
  | 'boxes'
  | 'choice'
  | 'file'
  | 'map'
  | 'maskedText'
  | 'number'
  | 'numberOrText'
  | 'rows'
  | 'scalar'
  | 'tags'
  | 'text'

const natures: Record<string, Nature> = {
  datagrid: 'rows',
  editgrid: 'rows',
  datatable: 'rows',
  dynamicWizard: 'rows',
  container: 'object',
  form: 'form',
  panel: 'layout',
  fieldset: 'layout',
  well: 'layout',
  columns: 'layout',
  table: 'layout',
  tabs: 'layout',
  content: 'content',
  htmlelement: 'content',
  button: 'content',
}

/**
 * A text takes any scalar: form.io's calculated fields put numbers and booleans into text fields, and its own
 * data holds them so. Where a rule of the library insists on a string (dates, e-mail, url), so do we.
 */
const expectations: Record<string, Expected> = {
  textfield: 'scalar',
  textarea: 'scalar',
  password: 'scalar',
  phoneNumber: 'scalar',
  radio: 'scalar',
  email: 'text',
  url: 'text',
  day: 'text',
  datetime: 'text',
  time: 'text',
  signature: 'text',
  number: 'number',
  currency: 'numberOrText',
  checkbox: 'boolean',
  selectboxes: 'boxes',
  select: 'choice',
  resource: 'choice',
  datagrid: 'rows',
  editgrid: 'rows',
  datatable: 'rows',
  dynamicWizard: 'rows',
  tagpad: 'rows',
  container: 'map',
  form: 'map',
  address: 'map',
  datamap: 'map',
  survey: 'map',
  tree: 'map',
  file: 'file',
  tags: 'tags',
  hidden: 'any',
  captcha: 'any',
  recaptcha: 'any',
  sketchpad: 'any',
  datasource: 'any',
  reviewpage: 'any',
  custom: 'any',
}

/** CHEFS's own names whose kin is not simply the name without `simple` and `advanced`. */
const kin: Record<string, string> = {
  checkboxes: 'selectboxes',
  radios: 'radio',
  phonenumber: 'phoneNumber',
  cols2: 'columns',
  cols3: 'columns',
  cols4: 'columns',
  heading: 'htmlelement',
  paragraph: 'htmlelement',
  bcaddress: 'address',
  buttonsubmit: 'button',
  buttonreset: 'button',
  orgbook: 'select',
}

/** The standard form.io type of a component type: `simpletextfieldadvanced` is a `textfield`. */
export function standardType(type: string): string {
  const own = (name: string): string | undefined => (Object.hasOwn(kin, name) ? kin[name] : undefined)
  const bare = /^simple(.+?)(advanced)?$/.exec(type)?.[1]
  if (bare === undefined) return own(type) ?? type
  return own(bare) ?? bare
}

/** Nature of a component, as the library tells it: known types first, then its own `input` flag. */
export function natureOf(type: string, component: { input?: unknown; components?: unknown }): Nature {
  if (Object.hasOwn(natures, type)) return natures[type] ?? 'value'
  if (Object.hasOwn(expectations, type)) return 'value'
  if (component.input === false) return 'layout'
  return Array.isArray(component.components) && component.input !== true ? 'layout' : 'value'
}

/** What the answer of a standard type must be, or undefined for a type we do not know. */
export function expectedOf(type: string): Expected | undefined {
  return Object.hasOwn(expectations, type) ? expectations[type] : undefined
}
