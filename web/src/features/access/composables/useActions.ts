import { createSharedComposable } from '@vueuse/core'
import { computed } from 'vue'
import { api, unwrap } from '@/api/client'
import { useLoad } from '@/kit/useLoad'

/** Everything that roles may allow. */
export const useActions = createSharedComposable(() => {
  const { data } = useLoad({ load: (signal) => unwrap(api.GET('/api/v1/actions', { signal })) })
  return { actions: computed(() => data.value?.items ?? []) }
})
