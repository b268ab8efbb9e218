import { useDebounceFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { api, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { DataRequest } from '@/api/types'
import { useApps } from '@/features/apps/composables/useApps'

const SETTLE_MS = 100

/** What waits for the person's decision, kept live: the badge, the notices and the page of requests share it. */
export const useRequests = defineStore('requests', () => {
  const apps = useApps()
  const items = shallowRef<DataRequest[]>([])
  const isLoaded = ref(false)
  const problem = shallowRef<ApiProblem>()
  let newest = 0

  /** Read everything again; an answer that a newer reading has overtaken is dropped. */
  async function refresh(): Promise<void> {
    const mine = ++newest
    try {
      const read = await readAll()
      if (mine !== newest) return
      items.value = read
      isLoaded.value = true
      problem.value = undefined
    } catch (thrown) {
      if (mine === newest) problem.value = ApiProblem.from(thrown)
    }
  }

  const of = (slug: string) => items.value.filter((item) => item.app.slug === slug)

  watch(
    () => apps.dataChanges,
    useDebounceFn(() => void refresh(), SETTLE_MS),
  )
  void refresh()
  return { items, isLoaded, problem, refresh, of }
})

async function readAll(): Promise<DataRequest[]> {
  const items: DataRequest[] = []
  let cursor: string | null | undefined
  do {
    const query = { limit: 200, ...(cursor && { cursor }) }
    const page = await unwrap(api.GET('/api/v1/data/requests', { params: { query } }))
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor)
  return items
}
