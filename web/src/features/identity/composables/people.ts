import type { User } from '@/api/types'

export type Role = User['role']

export const ROLES: Record<Role, string> = {
  admin: 'Administrator',
  developer: 'Developer',
  member: 'Member',
}

export const ROLE_ITEMS = (Object.keys(ROLES) as Role[])
  .toReversed()
  .map((value) => ({ value, label: ROLES[value] }))

/** How long a link may wait to be opened, in hours. */
export const LINK_LIFETIMES = [
  { label: 'a day', value: 24 },
  { label: '3 days', value: 72 },
  { label: 'a week', value: 168 },
  { label: '30 days', value: 720 },
]

/** Whose accounts the list shows, and how the hub is asked for them. */
export const SHOWN = [
  { value: 'all', label: 'Everybody', query: {} },
  { value: 'admins', label: 'Administrators', query: { role: 'admin' } },
  { value: 'active', label: 'Active', query: { state: 'active' } },
  { value: 'deactivated', label: 'Deactivated', query: { state: 'deactivated' } },
] as const
