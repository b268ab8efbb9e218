import { useStorage } from '@vueuse/core'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { App, AppState } from '@/api/types'
import { APP_STATES } from './states'
import { useApps } from './useApps'

export type SortKey = 'name' | 'state' | 'kind' | 'activity' | 'owner'
type Layout = 'table' | 'cards'

const BY: Record<SortKey, (app: App) => string> = {
  name: (app) => app.name.toLowerCase(),
  state: (app) => app.state,
  kind: (app) => app.kind,
  activity: (app) => app.last_activity_at ?? '',
  owner: (app) => app.owner?.name.toLowerCase() ?? '',
}

/** Which apps the list shows and how; the address of the page holds it all. */
export function useAppFilters() {
  const apps = useApps()
  const route = useRoute()
  const router = useRouter()
  const preferred = useStorage<Layout>('hothouse.apps.layout', 'table')

  /** A query parameter as a ref; its default value is left out of the address. */
  function parameter<T extends string>(name: string, fallback: T) {
    return computed<T>({
      get: () => (typeof route.query[name] === 'string' ? (route.query[name] as T) : fallback),
      set: (value) => {
        const { [name]: _old, ...rest } = route.query
        void router.replace({ query: value === fallback ? rest : { ...rest, [name]: value } })
      },
    })
  }

  const q = parameter('q', '')
  const state = parameter<AppState | 'all'>('state', 'all')
  const sort = parameter<string>('sort', 'name')
  const layout = computed<Layout>({
    get: () =>
      route.query.view === 'cards' || route.query.view === 'table' ? route.query.view : preferred.value,
    set: (value) => {
      preferred.value = value
      void router.replace({ query: { ...route.query, view: value } })
    },
  })

  const found = computed(() => {
    const words = q.value.toLowerCase().split(/\s+/).filter(Boolean)
    return apps.all.filter((app) => {
      const text = [app.name, app.slug, app.description, app.kind, app.owner?.name ?? '', ...app.tags]
        .join(' ')
        .toLowerCase()
      return words.every((word) => text.includes(word))
    })
  })

  const counts = computed(() => {
    const result: Partial<Record<AppState, number>> = {}
    for (const app of found.value) result[app.state] = (result[app.state] ?? 0) + 1
    return result
  })

  const stateItems = computed(() => [
    { label: `All states (${found.value.length})`, value: 'all' },
    ...(Object.keys(APP_STATES) as AppState[]).map((value) => ({
      label: `${APP_STATES[value].label} (${counts.value[value] ?? 0})`,
      value,
    })),
  ])

  const sorted = computed(() => {
    const isDown = sort.value.startsWith('-')
    const by = BY[sort.value.replace('-', '') as SortKey] ?? BY.name
    const shown = found.value.filter((app) => state.value === 'all' || app.state === state.value)
    return shown.sort((a, b) => by(a).localeCompare(by(b)) * (isDown ? -1 : 1))
  })

  function toggleSort(key: SortKey): void {
    const first = key === 'activity' ? '-activity' : key
    const second = key === 'activity' ? 'activity' : `-${key}`
    sort.value = sort.value === first ? second : first
  }

  function clear(): void {
    void router.replace({ query: {} })
  }

  return { q, state, sort, layout, stateItems, sorted, toggleSort, clear }
}
