import { nextTick, watch } from 'vue'
import { useRoute } from 'vue-router'

/** Bring the part that the address names (`#secrets`) into view once it is there: the router looks too early. */
export function useHashTarget(isThere: () => boolean = () => true): void {
  const route = useRoute()
  watch(
    () => (isThere() ? route.hash : ''),
    async (hash) => {
      if (!hash) return
      await nextTick()
      document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'start' })
    },
    { immediate: true, flush: 'post' },
  )
}
