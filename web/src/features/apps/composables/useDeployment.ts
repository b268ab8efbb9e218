import { useIntervalFn } from '@vueuse/core'
import { computed } from 'vue'
import type { Ref } from 'vue'
import type { Deployment } from '@/api/types'
import { isUnderWay } from './states'
import { useApps } from './useApps'

const ASK_EVERY_MS = 4_000

/** A deployment kept live by the stream of events; asked for now and then too, in case an event got lost. */
export function useDeployment(id: Ref<string>) {
  const apps = useApps()
  const deployment = computed<Deployment | undefined>(() => apps.deployments.get(id.value))
  const isOver = computed(() => deployment.value !== undefined && !isUnderWay(deployment.value.state))

  useIntervalFn(() => {
    // A miss tells nothing: the connection banner is there for that.
    if (!isOver.value) void apps.readDeployment(id.value).catch(() => undefined)
  }, ASK_EVERY_MS)

  return { deployment, isOver }
}
