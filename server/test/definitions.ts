/** Small form.io definitions for tests. */
export const plainForm = {
  display: 'form',
  components: [
    { type: 'textfield', key: 'name', label: 'Name', input: true, validate: { required: true, maxLength: 100 } },
    { type: 'number', key: 'age', label: 'Age', input: true, validate: { min: 0, max: 150 } },
    { type: 'email', key: 'mail', label: 'E-mail', input: true },
    { type: 'checkbox', key: 'agree', label: 'I agree', input: true },
    {
      type: 'datagrid',
      key: 'children',
      label: 'Children',
      input: true,
      components: [
        { type: 'textfield', key: 'first', label: 'First name', input: true },
        { type: 'number', key: 'years', label: 'Age', input: true },
      ],
    },
    { type: 'button', key: 'submit', label: 'Submit', input: true, action: 'submit' },
  ],
}

export const plainAnswers = {
  name: 'Ada',
  age: 36,
  mail: 'ada@example.org',
  agree: true,
  children: [{ first: 'Bo', years: 3 }],
}
