import { element, send } from './forms.js'

const person = document.getElementById('person')

async function show() {
  const response = await fetch('/app/api/auth/get-session')
  const { user } = await response.json()
  if (user) showPerson(user)
  else person.replaceChildren(signInLink())
}

function showPerson(user) {
  const button = element('button', 'Sign out')
  button.type = 'button'
  button.addEventListener('click', async () => {
    const outcome = await send('/app/api/auth/sign-out', {})
    if (outcome.ok) person.replaceChildren(element('p', 'You are signed out.'), signInLink())
    else person.append(element('p', 'You are still signed in: the server did not answer. Try again.'))
  })
  person.replaceChildren(element('p', `Signed in as ${user.name} (${user.email}).`), button)
}

function signInLink() {
  const line = element('p')
  const link = element('a', 'Sign in')
  link.href = '/app/sign-in'
  line.append(link)
  return line
}

show().catch(() => person.replaceChildren(element('p', 'The server did not answer. Reload the page.')))
