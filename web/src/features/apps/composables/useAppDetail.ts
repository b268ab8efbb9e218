import { useDebounceFn, useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { computed, watch } from 'vue'
import type { Ref } from 'vue'
import { api, unwrap } from '@/api/client'
import type { AppDetail, AppSettings } from '@/api/types'
import { useLoad } from '@/kit/useLoad'
import { useApps } from './useApps'
import { keepUsage } from './usageHistory'

const USAGE_EVERY_MS = 5_000

/** One app with everything about it, read again whenever the live list says that it changed. */
export function useAppDetail(slug: Ref<string>) {
  const apps = useApps()
  const { data, problem, loading, reload } = useLoad({
    on: slug,
    load: async (signal) => {
      const params = { path: { slug: slug.value } }
      const detail = await unwrap(api.GET('/api/v1/apps/{slug}', { params, signal }))
      if (detail.usage) keepUsage(detail.slug, detail.usage, Date.now())
      return detail
    },
  })
  const live = computed(() => apps.bySlug.get(slug.value))
  /** State and the like from the live list, which is ahead of `data` by one reading. */
  const app = computed<AppDetail | undefined>(() => data.value && { ...data.value, ...live.value })

  watch(
    live,
    useDebounceFn(() => void reload(), 250),
  )

  const visibility = useDocumentVisibility()
  useIntervalFn(() => {
    if (visibility.value === 'visible' && app.value?.state === 'running') void reload()
  }, USAGE_EVERY_MS)

  async function change(settings: AppSettings): Promise<void> {
    const etag = data.value?.etag
    data.value = await unwrap(
      api.PATCH('/api/v1/apps/{slug}', {
        params: { path: { slug: slug.value }, header: etag ? { 'if-match': etag } : {} },
        body: settings,
      }),
    )
    apps.put(data.value)
  }

  return { app, problem, loading, reload, change }
}
