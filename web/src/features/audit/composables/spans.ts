/** Times to look at; `between` are two that the person types in. */
export const SPANS: { value: string; label: string; hours?: number }[] = [
  { value: 'all', label: 'Any time' },
  { value: 'hour', label: 'Last hour', hours: 1 },
  { value: 'day', label: 'Last 24 hours', hours: 24 },
  { value: 'week', label: 'Last 7 days', hours: 24 * 7 },
  { value: 'month', label: 'Last 30 days', hours: 24 * 30 },
  { value: 'between', label: 'Between…' },
]

/** A field's local time as the hub reads it; undefined while it is none. */
export function asMoment(typed: string): string | undefined {
  const at = Date.parse(typed)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}
