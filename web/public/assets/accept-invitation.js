import { handleForm, showErrors, tokenOfLink } from './forms.js'

const token = tokenOfLink()
if (!token) {
  showErrors([{ text: 'This address has no invitation. Open the whole link that you were sent.' }])
}

handleForm({
  url: '/app/api/v1/invitations/accept',
  members: { token },
  texts: {
    dead_link:
      'No account was made: the invitation was used, was withdrawn or is older than 7 days. Ask whoever invited you for a new one.',
    conflict: 'No account was made: your e-mail address has one already. Sign in with it.',
  },
  done: () => location.assign('/app'),
})
