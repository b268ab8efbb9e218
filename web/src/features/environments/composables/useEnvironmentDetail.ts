import { useDebounceFn, useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { computed, watch } from 'vue'
import type { Ref } from 'vue'
import { api, unwrap } from '@/api/client'
import type { EnvironmentDetail, EnvironmentSettings } from '@/api/types'
import { keepUsage } from '@/features/apps/composables/usageHistory'
import { useLoad } from '@/kit/useLoad'
import { isStarting } from './states'
import { useEnvironments } from './useEnvironments'

const READ_EVERY_MS = 4_000

/** One environment with everything about it, read again whenever the live list says that it changed. */
export function useEnvironmentDetail(slug: Ref<string>) {
  const environments = useEnvironments()
  const { data, problem, loading, reload } = useLoad({
    on: slug,
    load: async (signal) => {
      const params = { path: { environment: slug.value } }
      const detail = await unwrap(api.GET('/api/v1/environments/{environment}', { params, signal }))
      if (detail.usage) keepUsage(detail.slug, detail.usage, Date.now())
      return detail
    },
  })
  const live = computed(() => environments.bySlug.get(slug.value))
  /** State and the like from the live list, which is ahead of `data` by one reading; usage from the reading. */
  const environment = computed<EnvironmentDetail | undefined>(
    () => data.value && { ...data.value, ...live.value, usage: data.value.usage },
  )

  watch(
    live,
    useDebounceFn(() => void reload(), 250),
  )

  const visibility = useDocumentVisibility()
  useIntervalFn(() => {
    const now = environment.value
    if (visibility.value === 'visible' && now && (now.state === 'running' || isStarting(now))) void reload()
  }, READ_EVERY_MS)

  async function change(settings: EnvironmentSettings): Promise<void> {
    const etag = data.value?.etag
    const header = etag ? { 'if-match': etag } : {}
    const params = { path: { environment: slug.value }, header }
    data.value = await unwrap(api.PATCH('/api/v1/environments/{environment}', { params, body: settings }))
    environments.put(data.value)
  }

  return { environment, problem, loading, reload, change }
}
