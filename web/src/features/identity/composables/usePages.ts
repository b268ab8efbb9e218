import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { WatchSource } from 'vue'
import { ApiProblem } from '@/api/problem'

interface Page<T> {
  items: T[]
  next_cursor?: string | null
}

interface PagesOptions<T> {
  page: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>
  /** Start over, keeping what is shown until the answer is there, when this changes. */
  on?: WatchSource | WatchSource[]
}

/** A long list, read page by page as the person asks for more; answers that are out of date are dropped. */
export function usePages<T extends { id: string }>(options: PagesOptions<T>) {
  const items = shallowRef<T[]>([])
  const cursor = ref<string | null>(null)
  const isLoaded = ref(false)
  const isLoading = ref(false)
  const problem = shallowRef<ApiProblem>()
  let current: AbortController | undefined

  async function read(after: string | null): Promise<void> {
    current?.abort()
    const mine = (current = new AbortController())
    isLoading.value = true
    try {
      const page = await options.page(after, mine.signal)
      if (mine !== current) return
      items.value = after === null ? page.items : [...items.value, ...page.items]
      cursor.value = page.next_cursor ?? null
      isLoaded.value = true
      problem.value = undefined
    } catch (thrown) {
      if (mine === current) problem.value = ApiProblem.from(thrown)
    } finally {
      if (mine === current) isLoading.value = false
    }
  }

  const reload = () => read(null)
  const more = () => read(cursor.value)
  /** Show the new state of one item where it stands, or take it out (null). */
  function put(id: string, item: T | null): void {
    items.value = items.value.flatMap((one) => (one.id === id ? (item ?? []) : one))
  }

  if (options.on) watch(options.on, () => void reload())
  onScopeDispose(() => {
    current?.abort()
    current = undefined
  })
  void reload()
  return {
    items,
    isLoaded,
    isLoading,
    problem,
    hasMore: computed(() => cursor.value !== null),
    reload,
    more,
    put,
  }
}
