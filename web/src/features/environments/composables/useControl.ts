import { ref } from 'vue'
import type { Environment } from '@/api/types'
import { useNotify } from '@/kit/useNotify'
import { useEnvironments } from './useEnvironments'
import type { Verb } from './useEnvironments'

/** Start, stop and restart from buttons; `busy` names what was asked for and not yet accepted. */
export function useControl() {
  const environments = useEnvironments()
  const notify = useNotify()
  const busy = ref<Verb | null>(null)

  async function control(environment: Environment, verb: Verb): Promise<void> {
    busy.value = verb
    await notify.attempt(() => environments.control(environment.slug, verb))
    busy.value = null
  }

  return { busy, control }
}
