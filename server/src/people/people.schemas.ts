import { Type } from 'typebox'
import { roles } from '../access/permission.ts'
import { passwordMinLength } from '../config.ts'
import { DateTime, nullable, ref, Uuid } from '../http/schemas.ts'

/** better-auth hashes no longer ones. */
export const passwordMaxLength = 128

/**
 * The addresses that better-auth lets sign in (zod's rule, narrower than RFC 5321): an account under another one would be
 * made and could never be used.
 */
export const emailPattern =
  "^(?!\\.)(?!.*\\.\\.)[A-Za-z0-9_'+.-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\\.)+[A-Za-z]{2,}$"

const EmailAddress = Type.String({ pattern: emailPattern, maxLength: 254, examples: ['ada@example.org'] })
const NewPassword = Type.String({ minLength: passwordMinLength, maxLength: passwordMaxLength })
/** No rule but a bound: what does not match is wrong, and says no more than that. */
const GivenPassword = Type.String({ maxLength: passwordMaxLength })
/** It stands in mails and in records: no line breaks, and not nothing. */
const PersonName = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^(?=.*\\S)[^\\p{Cc}]+$',
  examples: ['Ada Lovelace'],
})
const LinkToken = Type.String({ minLength: 1, maxLength: 100, description: 'What follows `#token=` in the link' })

export const Person = Type.Object(
  { id: Uuid, email: Type.String(), name: Type.String(), serverOwner: Type.Boolean() },
  { $id: 'Person' },
)

export const SignIn = Type.Object({ email: Type.String({ maxLength: 254 }), password: GivenPassword })
export const SignUp = Type.Object({ name: PersonName, email: EmailAddress, password: NewPassword })
export const SetUp = Type.Object({ token: LinkToken, name: PersonName, email: EmailAddress, password: NewPassword })
export const ChangePassword = Type.Object({ currentPassword: GivenPassword, newPassword: NewPassword })
export const SignedIn = Type.Object({ user: ref(Person) })
export const SignedOut = Type.Object({ success: Type.Boolean() })

export const CurrentSession = Type.Object({
  user: nullable(ref(Person)),
  expiresAt: nullable(DateTime),
  hasPassword: Type.Boolean({ description: 'false: this person signs in with the provider alone' }),
  followsProvider: Type.Boolean({ description: 'Whether name and address come from the provider, at each sign-in' }),
})

export const SignInOptions = Type.Object({
  signUp: Type.Enum(['invited', 'open'], { description: '`open`: anybody may make an account' }),
  oidc: nullable(
    Type.Object({
      name: Type.String({ description: 'For the button' }),
      startPath: Type.String({ description: 'Where the button leads; takes `?to=` with a path of ours' }),
    }),
  ),
  passwordMinLength: Type.Integer(),
  setUpNeeded: Type.Boolean({ description: 'Whether nobody has an account yet' }),
})

export const NewName = Type.Object({ name: PersonName })
export const ListedPeopleQuery = Type.Object({
  search: Type.Optional(
    Type.String({ minLength: 1, maxLength: 254, description: 'Part of the name or of the e-mail address' }),
  ),
})
export const ListedPerson = Type.Object(
  {
    id: Uuid,
    idpUserId: Type.String({ description: 'The same as the id; CHEFS has an id of its sign-in service here' }),
    username: Type.String(),
    firstName: Type.String(),
    fullName: Type.String(),
    lastName: Type.String(),
    email: Type.String(),
    serverOwner: Type.Boolean(),
    createdAt: DateTime,
    updatedAt: DateTime,
  },
  { $id: 'ListedPerson' },
)

export const NewInvitation = Type.Object({
  email: EmailAddress,
  formId: Type.Optional(Type.Unsafe<string>({ ...Uuid, description: 'The form whose team the person is to join' })),
  roles: Type.Optional(
    Type.Array(Type.Enum([...roles]), {
      minItems: 1,
      maxItems: 20,
      description: 'The roles on that form; those that whoever invites may give',
    }),
  ),
})
export const InvitationLink = Type.Object({ token: LinkToken })
export const AcceptInvitation = Type.Object({ token: LinkToken, name: PersonName, password: NewPassword })
export const InvitationParams = Type.Object({ invitationId: Uuid })

const invitationFields = {
  id: Uuid,
  email: Type.String(),
  state: Type.Enum(['open', 'accepted', 'withdrawn', 'expired']),
  invitedBy: nullable(Type.String({ description: 'E-mail address of whoever invited' })),
  formId: nullable(Uuid),
  formName: nullable(Type.String()),
  roles: Type.Array(Type.String(), { description: 'The roles on the form that come with it' }),
  createdAt: DateTime,
  expiresAt: DateTime,
}

export const Invitation = Type.Object(invitationFields, { $id: 'Invitation' })

export const MadeInvitation = Type.Object(
  {
    ...invitationFields,
    link: Type.String({ description: 'Shown this once. Whoever has it can make the account.' }),
    mailed: Type.Boolean({ description: 'Whether the link was handed to the mail server' }),
  },
  { $id: 'MadeInvitation' },
)

/** What the page of an invitation shows to whoever has its link. */
export const InvitationForGuest = Type.Object({
  email: Type.String(),
  invitedBy: nullable(Type.String({ description: 'Name of whoever invited' })),
  formName: nullable(Type.String()),
  expiresAt: DateTime,
})

const joined = { formId: nullable(Type.Unsafe<string>({ ...Uuid, description: 'The form whose team was joined' })) }
export const AcceptedInvitation = Type.Object({ user: ref(Person), ...joined })
export const JoinedByInvitation = Type.Object(joined)

/** What app.ts adds to the server, so that routes can refer to it. */
export const peopleSchemas = [Person, Invitation, MadeInvitation]
