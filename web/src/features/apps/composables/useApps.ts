import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import { api, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { ServerEvent, StreamState } from '@/api/sse'
import type { App, Deployment } from '@/api/types'
import { useStream } from '@/kit/useStream'

type Verb = 'start' | 'stop' | 'restart'

/** Every app that the person may see, kept live: the list, the palette and the app pages share it. */
export const useApps = defineStore('apps', () => {
  const bySlug = shallowReactive(new Map<string, App>())
  const deployments = shallowReactive(new Map<string, Deployment>())
  const isLoaded = ref(false)
  const problem = shallowRef<ApiProblem>()
  const connection = ref<StreamState>('connecting')
  const wasLost = ref(false)
  /** Counts up whenever grants or requests for data may have changed, of whichever app. */
  const dataChanges = ref(0)
  let refreshing: Promise<void> | undefined

  const all = computed(() =>
    [...bySlug.values()].sort((a, b) => a.name.localeCompare(b.name) || a.slug.localeCompare(b.slug)),
  )

  function put(app: App): void {
    bySlug.set(app.slug, app)
    if (app.deployment) putDeployment(app.deployment)
  }

  function putDeployment(deployment: Deployment): void {
    deployments.set(deployment.id, deployment)
  }

  /** Read the whole list again; several callers at once share one reading. */
  function refresh(): Promise<void> {
    refreshing ??= readAll().finally(() => (refreshing = undefined))
    return refreshing
  }

  async function readAll(): Promise<void> {
    dataChanges.value += 1
    const seen = new Set<string>()
    let cursor: string | null | undefined
    try {
      do {
        const query = { limit: 200, ...(cursor && { cursor }) }
        const page = await unwrap(api.GET('/api/v1/apps', { params: { query } }))
        for (const app of page.items) {
          seen.add(app.slug)
          put(app)
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
    else if (event.event === 'app') put(JSON.parse(event.data) as App)
    else if (event.event === 'deployment') putDeployment(JSON.parse(event.data) as Deployment)
    else if (event.event === 'data') dataChanges.value += 1
    else if (event.event === 'app-removed') bySlug.delete((JSON.parse(event.data) as { slug: string }).slug)
  }

  /** Keep the list live for as long as the calling component is there. */
  function follow(): void {
    useStream({
      url: ref('/api/v1/events'),
      onEvent: receive,
      onState: (state) => {
        connection.value = state
        if (state === 'lost') wasLost.value = true
        if (state === 'open') {
          wasLost.value = false
          void refresh()
        }
      },
    })
    void refresh()
  }

  async function control(slug: string, verb: Verb): Promise<void> {
    const params = { path: { slug } }
    if (verb === 'restart') putDeployment(await unwrap(api.POST('/api/v1/apps/{slug}/restart', { params })))
    else if (verb === 'stop') put(await unwrap(api.POST('/api/v1/apps/{slug}/stop', { params })))
    else put(await unwrap(api.POST('/api/v1/apps/{slug}/start', { params })))
  }

  async function deploy(slug: string, release: number): Promise<Deployment> {
    const made = await unwrap(
      api.POST('/api/v1/apps/{slug}/deploy', { params: { path: { slug } }, body: { release } }),
    )
    putDeployment(made)
    return made
  }

  async function rollBack(slug: string): Promise<Deployment> {
    const made = await unwrap(api.POST('/api/v1/apps/{slug}/rollback', { params: { path: { slug } } }))
    putDeployment(made)
    return made
  }

  async function remove(slug: string): Promise<void> {
    await unwrap(api.DELETE('/api/v1/apps/{slug}', { params: { path: { slug }, query: { confirm: slug } } }))
    bySlug.delete(slug)
  }

  async function readDeployment(id: string): Promise<Deployment> {
    const params = { path: { deployment_id: id } }
    const deployment = await unwrap(api.GET('/api/v1/deployments/{deployment_id}', { params }))
    putDeployment(deployment)
    return deployment
  }

  return {
    bySlug,
    all,
    deployments,
    isLoaded,
    problem,
    connection,
    wasLost,
    dataChanges,
    put,
    refresh,
    receive,
    follow,
    control,
    deploy,
    rollBack,
    remove,
    readDeployment,
  }
})
