import { useDebounceFn, useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { watch } from 'vue'
import type { Ref } from 'vue'
import { api, unwrap } from '@/api/client'
import { useApps } from '@/features/apps/composables/useApps'
import { useLoad } from '@/kit/useLoad'

/** The broker writes its figures this often. */
const FIGURES_EVERY_MS = 5_000
const SETTLE_MS = 100

/** An app's database: its figures read again while they are looked at, its grants as soon as they change. */
export function useData(slug: Ref<string>) {
  const apps = useApps()
  const visibility = useDocumentVisibility()
  const params = () => ({ path: { slug: slug.value } })
  const { data, problem, loading, reload } = useLoad({
    on: slug,
    load: (signal) => unwrap(api.GET('/api/v1/apps/{slug}/data', { params: params(), signal })),
  })

  watch(
    () => apps.dataChanges,
    useDebounceFn(() => void reload(), SETTLE_MS),
  )
  useIntervalFn(() => {
    if (visibility.value === 'visible' && !loading.value) void reload()
  }, FIGURES_EVERY_MS)

  /** Allow the app so many bytes; null: what the platform allows every app. */
  async function allowStorage(bytes: number | null): Promise<void> {
    data.value = await unwrap(
      api.PATCH('/api/v1/apps/{slug}/data', { params: params(), body: { storage_bytes: bytes } }),
    )
  }

  return { data, problem, loading, reload, allowStorage }
}
