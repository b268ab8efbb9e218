import type { AuditEntry, AuditThing } from '@/api/types'

type Result = AuditEntry['result']

interface Look {
  label: string
  color: 'success' | 'error' | 'warning' | 'neutral'
  icon: string
}

export const RESULTS: Record<Result, Look> = {
  done: { label: 'done', color: 'success', icon: 'i-lucide-check' },
  denied: { label: 'denied', color: 'error', icon: 'i-lucide-ban' },
  failed: { label: 'failed', color: 'warning', icon: 'i-lucide-triangle-alert' },
  unknown: { label: 'unknown', color: 'neutral', icon: 'i-lucide-circle-help' },
}

/** Who it was, in one line; somebody who was not signed in has no name. */
export function whoName({ who }: Pick<AuditEntry, 'who'>): string {
  return who.name || who.email || 'Not signed in'
}

export function thingName(thing: AuditThing): string {
  return thing.name || thing.id || thing.kind
}

/** As the search wants it: by its id where it has one, since names change. */
export function thingKey(thing: AuditThing): string {
  return `${thing.kind}:${thing.id ?? thing.name ?? ''}`
}

/** The page of a thing; null where it has none, or where it may be gone. */
export function thingPage(thing: AuditThing): string | null {
  if (thing.kind === 'app' && thing.name) return `/apps/${encodeURIComponent(thing.name)}`
  if (thing.kind === 'user' && thing.name) return `/people?q=${encodeURIComponent(thing.name)}`
  if (thing.kind === 'group' && thing.id) return `/groups/${encodeURIComponent(thing.id)}`
  return null
}

/** What a person's own way in was, to go after "by". */
export function viaName(via: string): string {
  return { session: 'in a browser', token: 'with an API token', platform: 'by itself' }[via] ?? ''
}
