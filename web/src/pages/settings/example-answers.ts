type Component = Record<string, unknown>
type Answers = Record<string, unknown>

/** How many answers an example has at most beside the required ones. */
const enough = 4

/**
 * Answers that the form is likely to take: all required fields and the first few others. Nobody can know what a rule of
 * the form's own wants, so it is a beginning to be edited.
 */
export function exampleAnswers(definition: Record<string, unknown>): Answers {
  const fields = fieldsIn(listOf(definition.components))
  const chosen = new Set(fields.filter(isRequired))
  for (const field of fields) if (chosen.size < enough) chosen.add(field)
  return answersTo(fields.filter((field) => chosen.has(field)))
}

function answersTo(fields: Component[]): Answers {
  const answers = empty()
  for (const field of fields) {
    const answer = answerTo(field)
    if (answer !== undefined) put(answers, String(field.key).split('.'), answer)
  }
  return answers
}

/** Without a prototype: a key such as `__proto__.x`, which is its author's, must not reach that of all objects. */
function empty(): Answers {
  return Object.create(null)
}

/** Keys with a dot stand for nested answers. */
function put(answers: Answers, [name = '', ...rest]: string[], answer: unknown): void {
  if (rest.length === 0) {
    answers[name] = answer
    return
  }
  const before = answers[name]
  // Another field may have this very key.
  const inner = typeof before === 'object' && before !== null ? (before as Answers) : empty()
  answers[name] = inner
  put(inner, rest, answer)
}

/** The fields of a form in their order, through what only lays out. */
function fieldsIn(components: Component[]): Component[] {
  return components.flatMap((component) => {
    if (holdsAnswersOfItsOwn(component)) return [component]
    const inside = [
      ...listOf(component.components),
      ...listOf(component.columns).flatMap((column) => listOf(column.components)),
      ...rowsOf(component.rows).flatMap((cell) => listOf(cell.components)),
    ]
    if (inside.length > 0) return fieldsIn(inside)
    return component.input === true && typeof component.key === 'string' ? [component] : []
  })
}

const ownAnswers = ['container', 'datagrid', 'editgrid', 'datamap', 'tree', 'address', 'day', 'survey']

function holdsAnswersOfItsOwn({ type, key }: Component): boolean {
  return typeof key === 'string' && ownAnswers.includes(String(type))
}

function isRequired(component: Component): boolean {
  return objectOf(component.validate).required === true
}

/** CHEFS's `simpletextfield` and `simpletextfieldadvanced` are text fields. */
function plainType(type: unknown): string {
  return String(type)
    .replace(/^simple(bc)?/, '')
    .replace(/advanced$/, '')
}

function answerTo(component: Component): unknown {
  const inside = listOf(component.components)
  switch (plainType(component.type)) {
    case 'container':
      return answersTo(fieldsIn(inside))
    case 'datagrid':
    case 'editgrid':
      return [answersTo(fieldsIn(inside))]
    case 'number':
    case 'currency':
      return objectOf(component.validate).min ?? 1
    case 'checkbox':
      return true
    case 'email':
      return 'name@example.org'
    case 'url':
      return 'https://example.org'
    case 'phonenumber':
    case 'phoneNumber':
      return '(250) 555-0100'
    case 'datetime':
      return '2026-01-31T09:00:00Z'
    case 'day':
      return '01/31/2026'
    case 'time':
      return '09:00:00'
    case 'tags':
      return 'one,two'
    case 'select':
      return firstValue(listOf(objectOf(component.data).values), component.multiple === true)
    case 'radio':
      return firstValue(listOf(component.values), false)
    case 'checkboxes':
    case 'selectboxes':
      return Object.fromEntries(listOf(component.values).map(({ value }, index) => [String(value), index === 0]))
    case 'textfield':
    case 'textarea':
      return component.multiple === true ? ['Text'] : 'Text'
    default:
      // Buttons, files, signatures and what only this form knows.
      return undefined
  }
}

function firstValue(values: Component[], multiple: boolean): unknown {
  const value = values[0]?.value
  return multiple && value !== undefined ? [value] : value
}

function objectOf(value: unknown): Component {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Component) : {}
}

function listOf(value: unknown): Component[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : []
}

/** A table's rows are lists of cells. */
function rowsOf(value: unknown): Component[] {
  return Array.isArray(value) ? value.flatMap(listOf) : []
}
