import { computed, ref, watch } from 'vue'
import type { Ref } from 'vue'
import { api, unwrap } from '@/api/client'
import type { Release } from '@/api/types'
import { useLoad } from '@/kit/useLoad'

const PAGE = 50

/** The releases of an app, newest first, a page at a time. */
export function useReleases(slug: Ref<string>) {
  const more = ref<Release[]>([])
  const cursor = ref<string | null>(null)
  const first = useLoad({ on: slug, load: () => page(null) })
  const releases = computed<Release[] | undefined>(
    () => first.data.value && [...first.data.value.items, ...more.value],
  )

  watch(first.data, (answer) => {
    more.value = []
    cursor.value = answer?.next_cursor ?? null
  })

  function page(after: string | null) {
    const params = { path: { slug: slug.value }, query: { limit: PAGE, ...(after && { cursor: after }) } }
    return unwrap(api.GET('/api/v1/apps/{slug}/releases', { params }))
  }

  async function loadMore(): Promise<void> {
    const answer = await page(cursor.value)
    more.value = [...more.value, ...answer.items]
    cursor.value = answer.next_cursor ?? null
  }

  return {
    releases,
    problem: first.problem,
    loading: first.loading,
    reload: first.reload,
    hasMore: computed(() => cursor.value !== null),
    loadMore,
  }
}
