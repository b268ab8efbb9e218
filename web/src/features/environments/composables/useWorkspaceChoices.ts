import { computed } from 'vue'
import { api, unwrap } from '@/api/client'
import { useLoad } from '@/kit/useLoad'

/** The person's workspaces that an environment can be started on: the usual one, others, and a new one. */
export function useWorkspaceChoices() {
  const { data } = useLoad({ load: (signal) => unwrap(api.GET('/api/v1/workspaces', { signal })) })
  return computed(() => {
    const found = data.value?.items ?? []
    const usual = found.find((one) => one.is_default)
    return [
      { value: 'default', label: usual ? `${usual.name} (your usual one)` : 'Your usual workspace' },
      ...found
        .filter((one) => !one.is_default && one.state === 'ready')
        .map((one) => ({ value: one.id, label: one.name })),
      { value: 'new', label: 'A new workspace…' },
    ]
  })
}
