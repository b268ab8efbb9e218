import type { AccessRole, ActionDescription } from '@/api/types'

/** Keeps somebody out, whatever else lets them in. */
export const DENIED = 'denied'
export const OWNER = 'owner'

export function roleTitle(roles: Pick<AccessRole, 'name' | 'title'>[], name: string): string {
  return roles.find((role) => role.name === name)?.title ?? name
}

/** Roles for a select, those that keep out last; `description` says what each allows. */
export function roleItems(roles: AccessRole[]) {
  const rank = (role: AccessRole) => (role.name === DENIED ? 1 : 0)
  return roles
    .toSorted((a, b) => rank(a) - rank(b))
    .map((role) => ({ value: role.name, label: role.title, description: role.description }))
}

/** The roles of one kind as a table: a line for each action, and which roles hold it. */
export function matrixOf(kind: string, roles: AccessRole[], actions: ActionDescription[]) {
  const columns = roles.filter((role) => role.kind === kind && role.name !== DENIED)
  const rows = actions
    .filter((action) => action.kind === kind)
    .map((action) => ({ action, held: columns.map((role) => role.actions.includes(action.action)) }))
  return { columns, rows }
}

/** A name for addresses and manifests, from what a person calls it. */
export function nameOf(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
}
