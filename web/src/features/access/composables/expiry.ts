const DAY_MS = 24 * 3_600_000
/** From this many days before its end on, a grant is said to be ending. */
const SOON_DAYS = 14

/** How long something may be granted for, in days; 0: for good, -1: until a day that is chosen. */
export const DURATIONS = [
  { label: 'For good', value: 0 },
  { label: 'For a week', value: 7 },
  { label: 'For 30 days', value: 30 },
  { label: 'For 90 days', value: 90 },
  { label: 'Until a day…', value: -1 },
]

/** When it ends, as the hub takes it; null: never. A chosen day is granted to its end. */
export function endOf(days: number, day: string, now: number): string | null {
  if (days > 0) return new Date(now + days * DAY_MS).toISOString()
  if (days === 0) return null
  const end = new Date(`${day}T23:59:59`)
  return Number.isNaN(end.getTime()) ? null : end.toISOString()
}

export function isEndingSoon(expiresAt: string | null | undefined, now: number): boolean {
  if (!expiresAt) return false
  const left = Date.parse(expiresAt) - now
  return left > 0 && left < SOON_DAYS * DAY_MS
}

/** A day for a date field, in the person's own time. */
export function dayOf(at: number): string {
  const date = new Date(at)
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}
