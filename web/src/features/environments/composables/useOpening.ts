import { computed, watch } from 'vue'
import type { ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { EnvironmentDetail } from '@/api/types'
import { canStart, isUp, may } from './states'
import type { Verb } from './useEnvironments'

/** `?open` in the address: start what stands still, and go on to it as soon as it runs. */
export function useOpening(
  environment: ComputedRef<EnvironmentDetail | undefined>,
  control: (environment: EnvironmentDetail, verb: Verb) => Promise<void>,
) {
  const route = useRoute()
  const router = useRouter()
  const isOpening = computed(() => route.query.open !== undefined)

  /** Forget that it was to be opened, so that coming back here shows the page. */
  async function goOn(url: string): Promise<void> {
    const { open: _open, ...rest } = route.query
    await router.replace({ query: rest })
    window.location.assign(url)
  }

  watch(
    () => isOpening.value && environment.value?.state,
    () => {
      const now = environment.value
      if (!isOpening.value || !now || !may(now, 'open')) return
      if (isUp(now)) void goOn(now.url)
      else if (now.state === 'stopped' && canStart(now)) void control(now, 'start')
    },
    { immediate: true },
  )

  /** Start it, and go on to it as soon as it runs. */
  async function open(): Promise<void> {
    if (environment.value?.state === 'failed') await control(environment.value, 'start')
    await router.replace({ query: { ...route.query, open: null } })
  }

  return { isOpening, open }
}
