import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { h } from 'vue'
import type { FunctionalComponent } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DataReader } from '@/api/types'
import ReaderItem from '@/features/data/components/ReaderItem.vue'

// Nuxt UI's own parts resolve only in a build.
vi.mock('@/kit/useNotify', () => ({
  useNotify: () => ({
    attempt: (action: () => Promise<unknown>) => action().then(() => true),
    done: () => undefined,
  }),
}))
const UButton: FunctionalComponent<{ disabled?: boolean }> = (props, { slots }) =>
  h('button', { type: 'button', disabled: props.disabled }, slots.default?.())
UButton.props = ['disabled', 'loading']
const Plain: FunctionalComponent = (_, { slots }) => h('span', slots.default?.())

function makeReader(rest: Partial<DataReader> = {}): DataReader {
  return {
    app: { slug: 'stats', name: 'Stats', icon: null, url: 'http://stats.apps.localhost/' },
    owner: null,
    wanted: ['clicks', 'people'],
    granted: [],
    waiting: ['clicks', 'people'],
    state: 'asked',
    is_wanted: true,
    decided_by: null,
    decided_at: null,
    ...rest,
  }
}

const sent: { method: string; path: string; body: unknown }[] = []

function item(reader: DataReader, canDecide = true) {
  const wrapper = mount(ReaderItem, {
    props: {
      reader,
      source: { slug: 'clicks', name: 'Clicks' },
      canDecide,
      changed: () => Promise.resolve(),
    },
    global: {
      components: { UButton, UBadge: Plain, UIcon: Plain, RouterLink: Plain },
      stubs: { TakeBackDialog: true },
    },
  })
  const ticked = () => wrapper.findAll<HTMLInputElement>('input:checked').map((box) => box.element.value)
  const button = (start: string) => wrapper.get(`button[aria-label^="${start}"]`)
  return { wrapper, ticked, button }
}

describe('ReaderItem', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    sent.length = 0
    vi.stubGlobal('fetch', async (request: Request) => {
      const { pathname } = new URL(request.url)
      if (request.method !== 'GET')
        sent.push({ method: request.method, path: pathname, body: await request.json() })
      return Response.json(request.method === 'GET' ? { items: [], next_cursor: null } : makeReader())
    })
  })
  afterEach(() => vi.unstubAllGlobals())

  it('sends what is ticked', async () => {
    const { wrapper, button } = item(makeReader())
    await wrapper.get('input[value=people]').setValue(false)
    expect(button('Allow').text()).toBe('Allow 1 of 2')
    await button('Allow').trigger('click')
    await flushPromises()
    expect(sent).toEqual([
      { method: 'PUT', path: '/api/v1/apps/clicks/data/readers/stats', body: { collections: ['clicks'] } },
    ])
  })

  it('keeps the ticks when the same is read again, and starts over when the wishes change', async () => {
    const { wrapper, ticked } = item(makeReader())
    await wrapper.get('input[value=people]').setValue(false)
    await wrapper.setProps({ reader: makeReader() })
    expect(ticked()).toEqual(['clicks'])
    const names = ['clicks', 'people', 'counters']
    await wrapper.setProps({ reader: makeReader({ wanted: names, waiting: names }) })
    expect(ticked()).toEqual(names)
  })

  it('does not allow nothing', async () => {
    const { wrapper, button } = item(makeReader())
    for (const box of wrapper.findAll('input')) await box.setValue(false)
    expect(button('Allow').attributes('disabled')).toBeDefined()
  })

  it('refuses only what waits', async () => {
    const { button } = item(makeReader({ state: 'granted', granted: ['clicks'], waiting: ['people'] }))
    await button('Refuse').trigger('click')
    await flushPromises()
    expect(sent.map(({ body }) => body)).toEqual([{ collections: ['clicks'] }])
  })

  it('allows one collection again without asking which', async () => {
    const { button } = item(makeReader({ state: 'refused', wanted: ['clicks'], waiting: [] }))
    await button('Allow').trigger('click')
    await flushPromises()
    expect(sent.map(({ body }) => body)).toEqual([{ collections: ['clicks'] }])
  })

  it('has no buttons for those who only look on', () => {
    const { wrapper } = item(makeReader(), false)
    expect(wrapper.findAll('button')).toEqual([])
    expect(wrapper.text()).toContain('Asks to read')
  })
})
