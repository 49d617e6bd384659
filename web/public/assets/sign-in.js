import { handleForm } from './forms.js'

handleForm({
  url: '/app/api/auth/sign-in/email',
  texts: {
    wrong_password:
      'You are not signed in: the e-mail address or the password is wrong. Check both. If you have forgotten the password, ask whoever runs this server for a new one.',
  },
  done: () => location.assign('/app'),
})
