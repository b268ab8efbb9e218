import { nextTick, watch } from 'vue'
import { useRoute } from 'vue-router'

/** Go to the part that the address names (`#secrets`) once it is there: the router looks too early. */
export function useHashTarget(isThere: () => boolean = () => true): void {
  const route = useRoute()
  watch(
    () => (isThere() ? route.hash : ''),
    async (hash) => {
      if (!hash) return
      await nextTick()
      const target = document.getElementById(hash.slice(1))
      if (!target) return
      target.tabIndex = -1
      target.classList.add('outline-none')
      target.focus({ preventScroll: true })
      target.scrollIntoView({ block: 'start' })
    },
    { immediate: true, flush: 'post' },
  )
}
