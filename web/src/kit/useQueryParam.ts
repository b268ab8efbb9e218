import { computed } from 'vue'
import type { WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** Query parameters of the page's address as refs; a default value is left out of the address. */
export function useQueryParams() {
  const route = useRoute()
  const router = useRouter()

  function parameter<T extends string>(name: string, fallback: T): WritableComputedRef<T> {
    return computed<T>({
      get: () => (typeof route.query[name] === 'string' ? (route.query[name] as T) : fallback),
      set: (value) => assign({ [name]: value === fallback ? '' : value }),
    })
  }

  /** Change several parameters at once; an empty one is left out. */
  function assign(changed: Record<string, string>): void {
    const query = { ...route.query, ...changed }
    const kept = Object.entries(query).filter(([, value]) => value !== '')
    void router.replace({ query: Object.fromEntries(kept), hash: route.hash })
  }

  return { parameter, assign }
}
