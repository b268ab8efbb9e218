import { refDebounced } from '@vueuse/core'
import { computed } from 'vue'
import type { Ref } from 'vue'
import { api, unwrap } from '@/api/client'
import { useApps } from '@/features/apps/composables/useApps'
import { useLoad } from '@/kit/useLoad'

const AT_MOST = 8
const SETTLE_MS = 200

/** E-mail addresses of people whose name or address begins like this; behind while they are those of other words. */
export function usePeopleNames(typed: Readonly<Ref<string>>) {
  const settled = refDebounced(typed, SETTLE_MS)
  const { data } = useLoad({
    on: settled,
    load: async (signal) => {
      const words = settled.value
      const query = { limit: AT_MOST, ...(words.trim() && { q: words.trim() }) }
      const { items } = await unwrap(api.GET('/api/v1/users', { params: { query }, signal }))
      return { words, names: items.map((person) => person.email) }
    },
  })
  return {
    names: computed(() => data.value?.names ?? []),
    isBehind: computed(() => data.value?.words !== typed.value),
  }
}

/** Things that entries may be about and that are known here: the apps. */
export function useThingNames() {
  const apps = useApps()
  return computed(() => apps.all.map((app) => `app:${app.slug}`))
}
