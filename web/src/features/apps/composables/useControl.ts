import { ref } from 'vue'
import type { App } from '@/api/types'
import { useNotify } from '@/kit/useNotify'
import { useApps } from './useApps'

export type Verb = 'start' | 'stop' | 'restart'

/** Start, stop and restart apps from buttons; `busy` names what was asked for and not yet accepted. */
export function useControl() {
  const apps = useApps()
  const notify = useNotify()
  const busy = ref<Verb | null>(null)

  async function control(app: App, verb: Verb): Promise<void> {
    busy.value = verb
    await notify.attempt(() => apps.control(app.slug, verb))
    busy.value = null
  }

  return { busy, control }
}
