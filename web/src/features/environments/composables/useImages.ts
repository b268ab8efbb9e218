import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { computed } from 'vue'
import { api, unwrap } from '@/api/client'
import { useLoad } from '@/kit/useLoad'
import { namedImages } from './images'

const WORKING_EVERY_MS = 2_000

/** The images on this machine, read again while something is done with one. */
export function useImages() {
  const { data, problem, loading, reload } = useLoad({
    load: (signal) => unwrap(api.GET('/api/v1/images', { signal })),
  })
  const visibility = useDocumentVisibility()
  useIntervalFn(() => {
    if (visibility.value === 'visible' && data.value?.jobs.length) void reload()
  }, WORKING_EVERY_MS)
  return {
    isLoaded: computed(() => data.value !== undefined),
    images: computed(() => namedImages(data.value?.items ?? [])),
    jobs: computed(() => data.value?.jobs ?? []),
    refusal: computed(() => data.value?.refusal ?? null),
    problem,
    loading,
    reload,
  }
}
