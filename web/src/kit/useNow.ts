import { createSharedComposable, useIntervalFn } from '@vueuse/core'
import { readonly, ref } from 'vue'

/** The time in milliseconds, moving on every 15 seconds: what relative times on the page are told by. */
export const useNow = createSharedComposable(() => {
  const now = ref(Date.now())
  useIntervalFn(() => (now.value = Date.now()), 15_000)
  return readonly(now)
})
