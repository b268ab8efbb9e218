import { shallowReactive } from 'vue'
import type { UsageNow } from '@/api/types'

export interface Sample {
  at: number
  usage: UsageNow
}

export const KEPT_MS = 10 * 60_000

/** What was seen of each app's and environment's usage in the last ten minutes, kept while the page is open. */
const kept = shallowReactive(new Map<string, Sample[]>())

export function keepUsage(slug: string, usage: UsageNow, now: number): void {
  const recent = (kept.get(slug) ?? []).filter(({ at }) => at > now - KEPT_MS)
  kept.set(slug, [...recent, { at: now, usage }])
}

export function usageOf(slug: string): Sample[] {
  return kept.get(slug) ?? []
}
