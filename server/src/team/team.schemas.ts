import { Type } from 'typebox'
import { roles } from '../access/permission.ts'
import { DateTime, nullable, Uuid } from '../http/schemas.ts'

const text = Type.Optional(Type.String({ maxLength: 254 }))

const personFields = {
  idpUserId: Type.String({ description: 'The same as the id; CHEFS has an id of its sign-in service here' }),
  username: Type.String(),
  firstName: Type.String(),
  fullName: Type.String(),
  lastName: Type.String(),
  email: Type.String(),
}

export const FoundPerson = Type.Object({ id: Uuid, ...personFields }, { $id: 'FoundPerson' })
export const CurrentPerson = Type.Object(
  {
    id: Uuid,
    ...personFields,
    public: Type.Boolean({ description: 'Always false: nobody gets here without a session' }),
  },
  { $id: 'CurrentPerson' },
)

const formFields = {
  formId: Uuid,
  formName: Type.String(),
  labels: Type.Array(Type.String()),
  active: Type.Boolean(),
  identityProviders: Type.Array(Type.String()),
  idps: Type.Array(Type.String()),
  formVersionId: nullable(Uuid),
  version: nullable(Type.Integer()),
  published: nullable(Type.Boolean()),
  versionUpdatedAt: nullable(Type.String()),
  roles: Type.Array(Type.String()),
  permissions: Type.Array(Type.String()),
}

export const TeamMember = Type.Object({ userId: Uuid, ...personFields, ...formFields }, { $id: 'TeamMember' })
export const CurrentForm = Type.Object(
  {
    ...formFields,
    description: nullable(Type.String()),
    submissionCount: Type.Integer({ description: 'What was submitted and is not deleted' }),
    scheduleState: Type.Enum(['open', 'late', 'notYet', 'closed'], {
      description: 'What the form’s schedule says now, published or not; `late` still takes submissions',
    }),
    createdAt: DateTime,
    updatedAt: DateTime,
  },
  { $id: 'CurrentForm' },
)
export const RestoredForm = Type.Object(formFields, { $id: 'RestoredForm' })

const codeFields = {
  code: Type.String(),
  display: Type.String(),
  description: Type.String(),
  active: Type.Boolean(),
}
export const RoleWithPermissions = Type.Object(
  { ...codeFields, permissions: Type.Array(Type.Object(codeFields)) },
  { $id: 'Role' },
)
export const PermissionWithRoles = Type.Object(
  { ...codeFields, roles: Type.Array(Type.Object(codeFields)) },
  { $id: 'Permission' },
)
export const IdentityProvider = Type.Object(
  { code: Type.String(), display: Type.String(), idp: Type.String(), active: Type.Boolean() },
  { $id: 'IdentityProvider' },
)

export const TeamQuery = Type.Object({
  formId: Uuid,
  userId: text,
  idpUserId: text,
  username: text,
  fullName: text,
  firstName: text,
  lastName: text,
  email: text,
  roles: Type.Optional(Type.String({ maxLength: 1000, description: 'Role codes with commas: members that have one' })),
  permissions: Type.Optional(Type.String({ maxLength: 1000, description: 'Permission codes with commas' })),
})

export const MemberQuery = Type.Object({ formId: Uuid, userId: Uuid })
export const FormQuery = Type.Object({ formId: Uuid })
export const CodeParams = Type.Object({ code: Type.String({ maxLength: 100 }) })
export const ActiveQuery = Type.Object({ active: Type.Optional(Type.Boolean()) })

export const CurrentFormsQuery = Type.Object({
  formId: Type.Optional(Uuid),
  active: Type.Optional(Type.Boolean({ description: 'false: the deleted ones' })),
  accessLevels: Type.Optional(
    Type.String({
      maxLength: 100,
      description: 'With commas. Only `team` is listed: nobody may list all forms that are open to everybody.',
    }),
  ),
})

export const PeopleQuery = Type.Object({
  search: Type.Optional(
    Type.String({ minLength: 3, maxLength: 254, description: 'Part of the name or of the e-mail address' }),
  ),
  email: text,
  username: text,
  fullName: text,
  firstName: text,
  lastName: text,
  idpUserId: text,
})

/** The roles that somebody is to have, all of them; `[]` takes the person out of the team. */
export const WantedRoles = Type.Array(
  Type.Object({
    formId: Type.Optional(Uuid),
    userId: Type.Optional(Uuid),
    role: Type.Enum([...roles]),
  }),
  { maxItems: 20 },
)
export const RemovedMembers = Type.Array(Uuid, { maxItems: 1000 })

/** What app.ts adds to the server, so that routes can refer to it. */
export const teamSchemas = [
  FoundPerson,
  CurrentPerson,
  TeamMember,
  CurrentForm,
  RestoredForm,
  RoleWithPermissions,
  PermissionWithRoles,
  IdentityProvider,
]
