import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { computed } from 'vue'
import { api, unwrap } from '@/api/client'
import { useLoad } from '@/kit/useLoad'

const CALM_MS = 10_000
const VERIFYING_MS = 500

/** How far the record goes and what its verification found, read again while the page is looked at. */
export function useAuditState() {
  const visibility = useDocumentVisibility()
  const { data, problem, loading, reload } = useLoad({
    load: (signal) => unwrap(api.GET('/api/v1/audit/state', { signal })),
  })
  const isVerifying = computed(() => data.value?.verification?.state === 'running')

  useIntervalFn(
    () => {
      if (visibility.value === 'visible' && !loading.value) void reload()
    },
    computed(() => (isVerifying.value ? VERIFYING_MS : CALM_MS)),
  )

  async function verify(): Promise<void> {
    await unwrap(api.POST('/api/v1/audit/verification'))
    await reload()
  }

  return { state: data, problem, isVerifying, verify, reload }
}
