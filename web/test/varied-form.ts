const choices = ['North', 'South'].map((label) => ({ label, value: label.toLowerCase() }))

/** A form with a field of each kind that respondents meet often. */
export const variedForm = {
  display: 'form',
  components: [
    { type: 'htmlelement', key: 'intro', tag: 'p', content: 'Tell us about your street.', input: false },
    {
      type: 'textfield',
      key: 'name',
      label: 'Name',
      input: true,
      description: 'As on your letter.',
      tooltip: 'The name of the street',
      validate: { required: true },
    },
    { type: 'email', key: 'mail', label: 'E-mail', input: true },
    { type: 'phoneNumber', key: 'phone', label: 'Phone', input: true },
    { type: 'number', key: 'age', label: 'Age', input: true, validate: { min: 0, max: 150 } },
    { type: 'radio', key: 'side', label: 'Side', input: true, values: choices },
    { type: 'selectboxes', key: 'sides', label: 'Sides', input: true, values: choices },
    { type: 'select', key: 'region', label: 'Region', input: true, data: { values: choices } },
    { type: 'select', key: 'regions', label: 'Regions', input: true, multiple: true, data: { values: choices } },
    { type: 'checkbox', key: 'agree', label: 'I agree', input: true },
    { type: 'datetime', key: 'when', label: 'When', input: true },
    { type: 'day', key: 'born', label: 'Born', input: true },
    { type: 'textarea', key: 'notes', label: 'Notes', input: true },
    {
      type: 'panel',
      key: 'more',
      title: 'More',
      collapsible: true,
      input: false,
      components: [{ type: 'file', key: 'picture', label: 'Picture', input: true, storage: 'url' }],
    },
    {
      type: 'datagrid',
      key: 'lamps',
      label: 'Lamps',
      input: true,
      components: [
        { type: 'textfield', key: 'post', label: 'Post', input: true },
        { type: 'number', key: 'watts', label: 'Watts', input: true },
      ],
    },
    { type: 'button', key: 'submit', label: 'Submit', input: true, action: 'submit' },
  ],
}

export const variedAnswers = {
  name: 'Elm Street',
  mail: 'ada@example.org',
  age: 36,
  side: 'north',
  sides: { north: true, south: false },
  region: 'south',
  regions: ['north'],
  agree: true,
  notes: 'Two lines\nof notes',
  lamps: [{ post: 'A1', watts: 40 }],
}
