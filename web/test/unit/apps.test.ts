import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { App } from '@/api/types'
import { addressWith } from '@/features/apps/composables/address'
import { canRestart, canStart, canStop } from '@/features/apps/composables/states'
import { useApps } from '@/features/apps/composables/useApps'

function makeApp(slug: string, rest: Partial<App> = {}): App {
  return {
    id: slug,
    slug,
    name: slug,
    description: '',
    icon: null,
    tags: [],
    kind: 'asgi',
    state: 'running',
    reason: null,
    release: 1,
    url: `http://${slug}.apps.localhost/`,
    owner: null,
    access: 'private',
    last_activity_at: null,
    created_at: '2026-11-21T07:00:00Z',
    updated_at: '2026-11-21T07:00:00Z',
    deployment: null,
    permissions: ['app.view', 'app.open', 'app.edit'],
    ...rest,
  }
}

const event = (name: string, data: unknown) => ({ id: '', event: name, data: JSON.stringify(data) })

describe('useApps', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it('reads every page, and forgets apps that are gone', async () => {
    const pages = [
      { items: [makeApp('b')], next_cursor: 'more' },
      { items: [makeApp('a')], next_cursor: null },
    ]
    const asked: string[] = []
    vi.stubGlobal('fetch', (request: Request) => {
      asked.push(new URL(request.url).search)
      return Promise.resolve(Response.json(pages.shift()))
    })
    const apps = useApps()
    apps.put(makeApp('gone'))
    await apps.refresh()
    expect(apps.all.map((app) => app.slug)).toEqual(['a', 'b'])
    expect(asked).toEqual(['?limit=200', '?limit=200&cursor=more'])
    vi.unstubAllGlobals()
  })

  it('follows what the stream says', () => {
    const apps = useApps()
    apps.receive(event('app', makeApp('a', { state: 'starting' })))
    apps.receive(event('app', makeApp('a', { state: 'running' })))
    expect(apps.bySlug.get('a')?.state).toBe('running')
    apps.receive(event('app-removed', { slug: 'a' }))
    expect(apps.all).toEqual([])
  })
})

describe('what can be done with an app', () => {
  it('depends on its state', () => {
    const stopped = makeApp('a', { state: 'stopped' })
    expect([canStart(stopped), canStop(stopped), canRestart(stopped)]).toEqual([true, false, false])
    const running = makeApp('a')
    expect([canStart(running), canStop(running), canRestart(running)]).toEqual([false, true, true])
  })

  it('needs the right to edit it and a release', () => {
    expect(canStop(makeApp('a', { permissions: ['app.view'] }))).toBe(false)
    expect(canStart(makeApp('a', { state: 'stopped', release: null }))).toBe(false)
  })
})

describe('addressWith', () => {
  it('changes the first part of the address alone', () => {
    const app = { slug: 'a', url: 'https://a.apps.a.example:8000/' }
    expect(addressWith(app, 'b')).toBe('https://b.apps.a.example:8000/')
  })
})
