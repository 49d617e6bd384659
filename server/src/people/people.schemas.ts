import { Type } from 'typebox'
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

export const NewInvitation = Type.Object({ email: EmailAddress })
export const AcceptInvitation = Type.Object({ token: LinkToken, name: PersonName, password: NewPassword })
export const InvitationParams = Type.Object({ invitationId: Uuid })

const invitationFields = {
  id: Uuid,
  email: Type.String(),
  state: Type.Enum(['open', 'accepted', 'withdrawn', 'expired']),
  invitedBy: nullable(Type.String({ description: 'E-mail address of whoever invited' })),
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

/** What app.ts adds to the server, so that routes can refer to it. */
export const peopleSchemas = [Person, Invitation, MadeInvitation]
