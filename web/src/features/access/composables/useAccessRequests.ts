import { useDebounceFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { api, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { AccessRequest } from '@/api/types'
import { useApps } from '@/features/apps/composables/useApps'
import { readAll } from '@/features/identity/composables/paging'

interface Decision {
  grant: boolean
  role?: string
  expires_at?: string | null
}

const SETTLE_MS = 100

/** Requests for access that the person may decide, kept live: the badge and the page of requests share them. */
export const useAccessRequests = defineStore('access-requests', () => {
  const apps = useApps()
  const items = shallowRef<AccessRequest[]>([])
  const isLoaded = ref(false)
  const problem = shallowRef<ApiProblem>()
  let newest = 0

  /** Read everything again; an answer that a newer reading has overtaken is dropped. */
  async function refresh(): Promise<void> {
    const mine = ++newest
    try {
      const read = await readAll((query) =>
        unwrap(api.GET('/api/v1/access/requests', { params: { query: { ...query, state: 'open' } } })),
      )
      if (mine !== newest) return
      items.value = read
      isLoaded.value = true
      problem.value = undefined
    } catch (thrown) {
      if (mine === newest) problem.value = ApiProblem.from(thrown)
    }
  }

  async function decide({ id }: AccessRequest, body: Decision): Promise<void> {
    const params = { path: { request_id: id } }
    await unwrap(api.POST('/api/v1/access/requests/{request_id}/decision', { params, body }))
    await refresh()
  }

  watch(
    () => apps.accessChanges,
    useDebounceFn(() => void refresh(), SETTLE_MS),
  )
  void refresh()
  return { items, isLoaded, problem, refresh, decide }
})
