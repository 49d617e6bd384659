import { handleForm, showErrors, tokenOfLink } from './forms.js'

const token = tokenOfLink()
if (!token) {
  showErrors([{ text: 'This address has no set-up token. Open the whole link that the server shows in its console.' }])
}

handleForm({
  url: '/app/api/v1/set-up',
  members: { token },
  texts: {
    dead_link:
      'No account was made: this link was used already, or it is not complete. Sign in, or open the whole link that the server shows in its console.',
  },
  done: () => location.assign('/app'),
})
