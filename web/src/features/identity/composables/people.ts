import type { User } from '@/api/types'

export type Role = User['role']

export const ROLES: Record<Role, string> = { admin: 'Administrator', user: 'User' }
