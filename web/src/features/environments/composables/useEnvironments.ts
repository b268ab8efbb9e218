import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import { api, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { ServerEvent } from '@/api/sse'
import type { Environment, NewEnvironment } from '@/api/types'
import { useSession } from '@/features/identity/composables/useSession'
import { useStream } from '@/kit/useStream'

export type Verb = 'start' | 'stop' | 'restart'

/** How much is used is no change of an environment, which the stream would tell of: it is asked for. */
const USAGE_EVERY_MS = 10_000

/** Every environment that the person may see: the list, the palette and the pages share it. */
export const useEnvironments = defineStore('environments', () => {
  const session = useSession()
  const bySlug = shallowReactive(new Map<string, Environment>())
  const isLoaded = ref(false)
  const problem = shallowRef<ApiProblem>()
  let refreshing: Promise<void> | undefined

  const all = computed(() =>
    [...bySlug.values()].sort((a, b) => a.name.localeCompare(b.name) || a.slug.localeCompare(b.slug)),
  )
  const mine = computed(() => all.value.filter((one) => one.owner?.id === session.user?.id))

  function put(environment: Environment): void {
    bySlug.set(environment.slug, environment)
  }

  /** Read all again; several callers at once share one reading. */
  function refresh(): Promise<void> {
    refreshing ??= readAll().finally(() => (refreshing = undefined))
    return refreshing
  }

  async function readAll(): Promise<void> {
    const seen = new Set<string>()
    let cursor: string | null | undefined
    try {
      do {
        const query = { whose: 'all' as const, limit: 200, ...(cursor && { cursor }) }
        const page = await unwrap(api.GET('/api/v1/environments', { params: { query } }))
        for (const one of page.items) {
          seen.add(one.slug)
          put(one)
        }
        cursor = page.next_cursor
      } while (cursor)
      for (const slug of bySlug.keys()) if (!seen.has(slug)) bySlug.delete(slug)
      isLoaded.value = true
      problem.value = undefined
    } catch (thrown) {
      problem.value = ApiProblem.from(thrown)
    }
  }

  function receive(event: ServerEvent): void {
    if (event.event === 'reload') void refresh()
    else if (event.event === 'environment') put(JSON.parse(event.data) as Environment)
    else if (event.event === 'environment-removed')
      bySlug.delete((JSON.parse(event.data) as { slug: string }).slug)
  }

  /** Keep the list live for as long as the calling component is there. */
  function follow(): void {
    useStream({
      url: ref('/api/v1/environments/events'),
      onEvent: receive,
      onState: (state) => state === 'open' && void refresh(),
    })
    const visibility = useDocumentVisibility()
    useIntervalFn(() => {
      const isWorthIt = visibility.value === 'visible' && all.value.some((one) => one.state === 'running')
      if (isWorthIt) void refresh()
    }, USAGE_EVERY_MS)
    void refresh()
  }

  /** Start what is asked for, or what there is of it already. */
  async function start(body: NewEnvironment): Promise<Environment> {
    const started = await unwrap(api.POST('/api/v1/environments', { body }))
    put(started)
    return started
  }

  async function control(slug: string, verb: Verb): Promise<void> {
    const params = { path: { environment: slug } }
    if (verb === 'start') put(await unwrap(api.POST('/api/v1/environments/{environment}/start', { params })))
    else if (verb === 'stop')
      put(await unwrap(api.POST('/api/v1/environments/{environment}/stop', { params })))
    else put(await unwrap(api.POST('/api/v1/environments/{environment}/restart', { params })))
  }

  async function remove(slug: string): Promise<void> {
    const params = { path: { environment: slug }, query: { confirm: slug } }
    await unwrap(api.DELETE('/api/v1/environments/{environment}', { params }))
    bySlug.delete(slug)
  }

  return { bySlug, all, mine, isLoaded, problem, put, refresh, receive, follow, start, control, remove }
})
