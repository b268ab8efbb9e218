import type { NewTokenRequest, User } from '@/api/types'

export type Scope = NonNullable<NewTokenRequest['scopes']>[number]

/** What a limited API token may, in words that go on after "It may". */
const WORDS: Record<Scope, string> = {
  read: 'see what you may see',
  'apps:open': 'open apps',
  'apps:write': 'deploy and change apps',
  'environments:open': 'open environments',
  'environments:write': 'start, change and stop environments',
  admin: 'manage people and the platform',
}

/** The scopes that a person has a use for. */
export function scopeItems(role: User['role'] | undefined): { value: Scope; label: string }[] {
  return (Object.keys(WORDS) as Scope[])
    .filter((value) => value !== 'admin' || role === 'admin')
    .map((value) => ({ value, label: WORDS[value] }))
}

/** "read, apps:open"; a token without scopes is not limited. */
export function scopeNames(scopes: Scope[] | null | undefined): string {
  return scopes ? scopes.join(', ') : 'all that you may'
}

/** How long a new API token lasts, in days; 0: until it is revoked. */
export const TOKEN_LIFETIMES = [
  { label: '7 days', value: 7 },
  { label: '30 days', value: 30 },
  { label: '90 days', value: 90 },
  { label: 'A year', value: 365 },
  { label: 'Until revoked', value: 0 },
]
