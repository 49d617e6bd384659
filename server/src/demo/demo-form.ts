/** What `--demo` shows: a form as a town hall would have it, with inputs of many kinds. */

type Choice = readonly [value: string, label: string]

const categories: Choice[] = [
  ['culture', 'Arts and culture'],
  ['environment', 'Environment'],
  ['sport', 'Sport and recreation'],
  ['youth', 'Children and youth'],
]
const districts: Choice[] = [
  ['north', 'North end'],
  ['harbour', 'Harbour'],
  ['old_town', 'Old town'],
  ['hills', 'The hills'],
]
const audiences: Choice[] = [
  ['children', 'Children'],
  ['families', 'Families'],
  ['seniors', 'Seniors'],
  ['newcomers', 'Newcomers'],
]

const text = (key: string, label: string, validate: object = {}) => ({
  type: 'textfield',
  key,
  label,
  input: true,
  validate,
})
const required = { required: true }
const choices = (list: Choice[]) => list.map(([value, label]) => ({ value, label }))

export const demoForm = {
  name: 'Community grant application',
  description: 'Apply for up to 10,000 for a project in your neighbourhood.',
  schema: {
    display: 'form',
    components: [
      panel('applicant', 'Who applies', [
        text('organisation', 'Name of the organisation', { ...required, maxLength: 120 }),
        text('registrationNumber', 'Registration number', { pattern: '[A-Z]{2}-\\d{5}' }),
        text('contactName', 'Contact person', required),
        { type: 'email', key: 'email', label: 'E-mail', input: true, validate: required },
        { type: 'phoneNumber', key: 'phone', label: 'Telephone', input: true },
        {
          type: 'select',
          key: 'district',
          label: 'District',
          input: true,
          data: { values: choices(districts) },
          validate: required,
        },
      ]),
      panel('project', 'The project', [
        text('projectTitle', 'Title', { ...required, maxLength: 100 }),
        {
          type: 'radio',
          key: 'category',
          label: 'Kind of project',
          input: true,
          values: choices(categories),
          validate: required,
        },
        {
          type: 'textarea',
          key: 'summary',
          label: 'What will you do',
          input: true,
          validate: { ...required, maxLength: 2000 },
        },
        { type: 'selectboxes', key: 'audience', label: 'Whom is it for', input: true, values: choices(audiences) },
        { type: 'day', key: 'startsOn', label: 'Starts on', input: true },
        { type: 'number', key: 'months', label: 'Lasts how many months', input: true, validate: { min: 1, max: 36 } },
        { type: 'number', key: 'participants', label: 'People you expect', input: true, validate: { min: 0 } },
      ]),
      panel('money', 'The money', [
        {
          type: 'number',
          key: 'amount',
          label: 'Amount you apply for',
          input: true,
          validate: { ...required, min: 100, max: 10_000 },
        },
        {
          type: 'datagrid',
          key: 'budget',
          label: 'Budget',
          input: true,
          components: [
            text('item', 'Item', required),
            { type: 'number', key: 'cost', label: 'Cost', input: true, validate: { min: 0 } },
          ],
        },
        { type: 'checkbox', key: 'otherFunding', label: 'Others give money too', input: true },
        {
          ...text('otherFunders', 'Who', required),
          conditional: { show: true, when: 'otherFunding', eq: true },
        },
        { type: 'checkbox', key: 'declaration', label: 'What I wrote is true', input: true, validate: required },
      ]),
      { type: 'button', key: 'submit', label: 'Send the application', input: true, action: 'submit' },
    ],
  },
}

function panel(key: string, title: string, components: object[]) {
  return { type: 'panel', key, title, input: false, components }
}

const organisations = [
  'Harbour Choir',
  'Friends of the Creek',
  'Old Town Chess Club',
  'Les Amis du Théâtre',
  'Hill Runners',
  'ᓄᓇᕗᑦ Sewing Circle',
]
const people = [
  'Amira Haddad',
  'Björn Åkesson',
  'Chloé Tremblay',
  'Dmitri Ivanov',
  'Esi Mensah',
  'Feng Li',
  'Grace O’Neill',
  'Hana Sato',
]
const projects = [
  'Open rehearsals',
  'Spring clean-up',
  'Summer tournament',
  'Theatre for all',
  'Trail repair',
  'Winter stories',
]

/** The answers of one of the demo's submissions; the same number gives the same answers. */
export function demoAnswers(number: number) {
  const contactName = pick(people, number)
  const amount = 500 + ((number * 370) % 9500)
  const otherFunding = number % 5 === 0
  return {
    organisation: pick(organisations, number),
    registrationNumber: `CG-${String(10_000 + number)}`,
    contactName,
    email: `applicant${number}@example.org`,
    phone: `(555) 010-${String(number % 10_000).padStart(4, '0')}`,
    district: pick(districts, number)[0],
    projectTitle: `${pick(projects, number * 7)} ${2024 + (number % 3)}`,
    category: pick(categories, number)[0],
    summary: `${pick(organisations, number)} invites the neighbourhood, “all ages”, to take part, learn and stay in touch.`,
    audience: Object.fromEntries(audiences.map(([value], index) => [value, (number + index) % 3 === 0])),
    startsOn: `0${1 + (number % 9)}/15/2027`,
    months: 1 + (number % 24),
    participants: 10 + ((number * 13) % 300),
    amount,
    budget: [
      { item: 'Room', cost: Math.round(amount / 2) },
      { item: 'Material', cost: amount - Math.round(amount / 2) },
    ],
    otherFunding,
    ...(otherFunding ? { otherFunders: 'The district council' } : {}),
    declaration: true,
  }
}

function pick<T>(list: readonly T[], number: number): T {
  const item = list[number % list.length]
  if (item === undefined) throw new Error('There is nothing to pick from.')
  return item
}
