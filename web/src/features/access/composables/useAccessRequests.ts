import { useDebounceFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { api, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { AccessRequest } from '@/api/types'
import { readAll } from '@/features/identity/composables/paging'
import { useStream } from '@/kit/useStream'

interface Decision {
  grant: boolean
  role?: string
  expires_at?: string | null
}

const SETTLE_MS = 100
const HIDDEN_MS = 2_000

/** Requests for access that the person may decide, kept live: the badge and the page of requests share them. */
export const useAccessRequests = defineStore('access-requests', () => {
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
    await unwrap(
      api.POST('/api/v1/access/requests/{request_id}/decision', { params, body: { note: '', ...body } }),
    )
    await refresh()
  }

  // Told at once, too: so this is also the first reading. Only the tab that is looked at holds a connection for it.
  const changed = useDebounceFn(() => void refresh(), SETTLE_MS)
  useStream({ url: ref('/api/v1/access/events'), onEvent: () => void changed(), hiddenGraceMs: HIDDEN_MS })
  return { items, isLoaded, problem, refresh, decide }
})
