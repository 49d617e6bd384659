/** What the pages with a form share: checks, the error summary, and sending. */

const messages = {
  name: { valueMissing: 'Enter your name.' },
  email: { valueMissing: 'Enter your e-mail address.', typeMismatch: 'Enter an e-mail address, like ada@example.org.' },
  password: { valueMissing: 'Enter a password.', tooShort: 'The password has to have at least 10 characters.' },
}

/** Sends the page's form as JSON; `texts` names what each code of a problem means here. */
export function handleForm({ url, members = {}, texts = {}, done }) {
  const form = document.getElementById('form')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (showErrors(fieldErrors(form))) return
    const button = form.querySelector('button')
    button.disabled = true
    const outcome = await send(url, { ...Object.fromEntries(new FormData(form)), ...members })
    button.disabled = false
    if (outcome.ok) done(outcome.answer)
    else showErrors([{ text: texts[outcome.problem.code] ?? outcome.problem.detail, code: outcome.problem.code }])
  })
}

/** The token that follows `#token=`, which browsers send to no server. It stays in the address, for a reload. */
export function tokenOfLink() {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? ''
}

export async function send(url, body) {
  const noAnswer = { code: 'no_answer', detail: 'Nothing was changed: the server did not answer. Try again.' }
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    const answer = await response.json()
    return response.ok ? { ok: true, answer } : { ok: false, problem: answer }
  } catch {
    return { ok: false, problem: noAnswer }
  }
}

function fieldErrors(form) {
  return [...form.elements].flatMap((field) => {
    const kind = Object.keys(messages[field.name] ?? {}).find((each) => field.validity[each])
    return kind ? [{ text: messages[field.name][kind], field }] : []
  })
}

/** Lists the errors above the form and beside the fields, and puts the focus there. @returns whether there are any */
export function showErrors(errors) {
  for (const each of document.querySelectorAll('.error')) each.remove()
  for (const field of document.querySelectorAll('[aria-invalid]')) unmark(field)
  const summary = document.getElementById('summary')
  summary.hidden = errors.length === 0
  if (errors.length === 0) return false
  summary.replaceChildren(element('h2', 'There is a problem'), list(errors), ...codes(errors))
  for (const { field, text } of errors) if (field) mark(field, text)
  summary.focus()
  return true
}

function list(errors) {
  const items = element('ul')
  for (const { text, field } of errors) {
    const item = element('li', field ? undefined : text)
    if (field) {
      const link = element('a', text)
      link.href = `#${field.id}`
      link.addEventListener('click', (event) => {
        event.preventDefault()
        field.focus()
      })
      item.append(link)
    }
    items.append(item)
  }
  return items
}

function codes(errors) {
  return errors.flatMap(({ code }) => {
    if (!code) return []
    const line = element('p', `Code for support: ${code}`)
    line.className = 'code'
    return [line]
  })
}

function mark(field, text) {
  const error = element('p', text)
  error.id = `${field.id}-error`
  error.className = 'error'
  field.after(error)
  field.setAttribute('aria-invalid', 'true')
  field.setAttribute('aria-describedby', [hintOf(field), error.id].filter(Boolean).join(' '))
}

function unmark(field) {
  field.removeAttribute('aria-invalid')
  const hint = hintOf(field)
  if (hint) field.setAttribute('aria-describedby', hint)
  else field.removeAttribute('aria-describedby')
}

function hintOf(field) {
  return document.getElementById(`${field.id}-hint`)?.id
}

export function element(name, text) {
  const made = document.createElement(name)
  if (text !== undefined) made.textContent = text
  return made
}
