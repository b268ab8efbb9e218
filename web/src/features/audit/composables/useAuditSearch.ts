import { refDebounced } from '@vueuse/core'
import { computed } from 'vue'
import { api, unwrap } from '@/api/client'
import type { AuditEntry } from '@/api/types'
import { usePages } from '@/features/identity/composables/usePages'
import { useQueryParams } from '@/kit/useQueryParam'
import { asMoment, SPANS } from './spans'

const PAGE = 100
const SETTLE_MS = 250

/** Which entries are looked for, as the address of the page says it, and what was found. */
export function useAuditSearch() {
  const { parameter, assign } = useQueryParams()
  const filters = {
    person: parameter<string>('person', ''),
    action: parameter<string>('action', ''),
    about: parameter<string>('about', ''),
    result: parameter<AuditEntry['result'] | 'all'>('result', 'all'),
    span: parameter<string>('span', 'all'),
    since: parameter<string>('since', ''),
    until: parameter<string>('until', ''),
  }
  const isNarrowed = computed(() =>
    Object.values(filters).some(({ value }) => value !== '' && value !== 'all'),
  )

  /** What the hub is asked for. */
  const asked = computed(() => {
    const { person, action, about, result, span, since, until } = filters
    const hours = SPANS.find((one) => one.value === span.value)?.hours
    const from = hours ? new Date(Date.now() - hours * 3_600_000).toISOString() : asMoment(since.value)
    const isFree = span.value === 'between'
    return {
      ...(person.value.trim() && { person: person.value.trim() }),
      ...(action.value.trim() && { action: action.value.trim() }),
      ...(about.value.trim() && { about: about.value.trim() }),
      ...(result.value !== 'all' && { result: result.value }),
      ...(from && (hours || isFree) && { since: from }),
      ...(isFree && asMoment(until.value) && { until: asMoment(until.value) }),
    }
  })
  const settled = refDebounced(asked, SETTLE_MS)

  const list = usePages<AuditEntry>({
    on: settled,
    page: (cursor, signal) => {
      const query = { limit: PAGE, ...settled.value, ...(cursor && { cursor }) }
      return unwrap(api.GET('/api/v1/audit', { params: { query }, signal }))
    },
  })

  function exportUrl(format: 'csv' | 'ndjson'): string {
    return `/api/v1/audit/export?${new URLSearchParams({ ...asked.value, format }).toString()}`
  }

  function clear(): void {
    assign(Object.fromEntries(Object.keys(filters).map((name) => [name, ''])))
  }

  return { ...list, filters, isNarrowed, asked, exportUrl, clear, assign }
}
