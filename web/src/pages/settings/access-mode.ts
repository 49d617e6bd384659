export const accessModes = ['public', 'login', 'team'] as const
export type AccessMode = (typeof accessModes)[number]

/** Whom a form lets in to fill it in: everybody, everybody who is signed in, or the team alone. */
export function accessModeOf({ identityProviders }: { identityProviders: { code: string }[] }): AccessMode {
  if (identityProviders.some(({ code }) => code === 'public')) return 'public'
  return identityProviders.length > 0 ? 'login' : 'team'
}
