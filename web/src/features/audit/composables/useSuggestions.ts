import { computed } from 'vue'
import type { Ref } from 'vue'
import { api, unwrap } from '@/api/client'
import { useApps } from '@/features/apps/composables/useApps'
import { useLoad } from '@/kit/useLoad'

const AT_MOST = 8

/** E-mail addresses of people whose name or address begins like this. */
export function usePeopleNames(words: Readonly<Ref<string>>) {
  const { data } = useLoad({
    on: words,
    load: async (signal) => {
      const query = { limit: AT_MOST, ...(words.value.trim() && { q: words.value.trim() }) }
      const { items } = await unwrap(api.GET('/api/v1/users', { params: { query }, signal }))
      return items.map((person) => person.email)
    },
  })
  return computed(() => data.value ?? [])
}

/** Things that entries may be about and that are known here: the apps. */
export function useThingNames() {
  const apps = useApps()
  return computed(() => apps.all.map((app) => `app:${app.slug}`))
}
