import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { h } from 'vue'
import type { FunctionalComponent } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SignedInSession } from '@/api/types'
import PasswordCard from '@/features/identity/components/PasswordCard.vue'
import SessionsCard from '@/features/identity/components/SessionsCard.vue'
import { deviceName } from '@/features/identity/composables/devices'
import { readAll } from '@/features/identity/composables/paging'

// Nuxt UI's own parts resolve only in a build.
vi.mock('@/kit/useNotify', () => ({
  useNotify: () => ({
    attempt: (action: () => Promise<unknown>) => action().then(() => true),
    done: () => undefined,
  }),
}))
const UButton: FunctionalComponent<{ disabled?: boolean; type?: string }> = (props, { slots }) =>
  h('button', { type: props.type ?? 'button', disabled: props.disabled }, slots.default?.())
UButton.props = ['disabled', 'loading', 'type']
const UFormField: FunctionalComponent<{ label?: string; error?: string }> = (props, { slots }) =>
  h('label', [props.label, slots.default?.(), props.error && h('p', { role: 'alert' }, props.error)])
UFormField.props = ['label', 'error', 'name']
const UInput: FunctionalComponent<
  { modelValue?: string },
  { 'update:modelValue': (value: string) => void }
> = (props, { emit }) =>
  h('input', {
    value: props.modelValue,
    onInput: (event: Event) => emit('update:modelValue', (event.target as HTMLInputElement).value),
  })
UInput.props = ['modelValue', 'ui']
const Plain: FunctionalComponent = (_, { slots }) => h('span', slots.default?.())
const global = {
  components: { UButton, UFormField, UInput, UAlert: Plain, UBadge: Plain, UIcon: Plain },
  stubs: { ConfirmDialog: true },
}

const device = { browser: 'Firefox 140', system: 'Linux' }
const session = (id: string, rest: Partial<SignedInSession> = {}): SignedInSession => ({
  id,
  device,
  address: '10.0.0.7',
  created_at: '2026-01-01T10:00:00Z',
  last_used_at: '2026-01-01T10:00:00Z',
  expires_at: '2026-01-15T10:00:00Z',
  is_current: false,
  ...rest,
})

const sent: { method: string; path: string; body: unknown }[] = []
let answer: (request: Request) => Response

beforeEach(() => {
  setActivePinia(createPinia())
  sent.length = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    const body = request.method === 'POST' ? await request.clone().json() : undefined
    if (request.method !== 'GET')
      sent.push({ method: request.method, path: new URL(request.url).pathname, body })
    return answer(request)
  })
})
afterEach(() => vi.unstubAllGlobals())

describe('deviceName', () => {
  it.each([
    ['Firefox 140', 'Linux', 'Firefox 140 on Linux'],
    ['Unknown', 'iOS', 'iOS'],
    ['curl 8', 'Unknown', 'curl 8'],
    ['Unknown', 'Unknown', 'Unknown device'],
  ])('%s, %s', (browser, system, expected) =>
    expect(deviceName({ device: { browser, system } })).toBe(expected),
  )
})

describe('readAll', () => {
  it('reads to the last page', async () => {
    const asked: (string | undefined)[] = []
    const all = await readAll<number>(({ cursor }) => {
      asked.push(cursor)
      return Promise.resolve(cursor ? { items: [2], next_cursor: null } : { items: [1], next_cursor: 'x' })
    })
    expect([all, asked]).toEqual([
      [1, 2],
      [undefined, 'x'],
    ])
  })
})

describe('SessionsCard', () => {
  it('ends another session, never this one, and reads the list again', async () => {
    let items = [session('this', { is_current: true }), session('other')]
    answer = (request) => {
      if (request.method === 'GET') return Response.json({ items, next_cursor: null })
      items = items.filter((one) => !request.url.endsWith(one.id))
      return new Response(null, { status: 204 })
    }
    const wrapper = mount(SessionsCard, { global })
    await flushPromises()
    expect(wrapper.find('[data-session=this] button').exists()).toBe(false)
    expect(wrapper.text()).toContain('End all others')
    await wrapper.get('[data-session=other] button').trigger('click')
    await flushPromises()
    expect(sent).toEqual([{ method: 'DELETE', path: '/api/v1/account/sessions/other', body: undefined }])
    expect(wrapper.findAll('tbody tr')).toHaveLength(1)
    expect(wrapper.text()).not.toContain('End all others')
  })
})

describe('PasswordCard', () => {
  async function filled() {
    const wrapper = mount(PasswordCard, { global, props: { hasPassword: true } })
    const [present, next] = wrapper.findAll('label input')
    await present?.setValue('old secret words')
    await next?.setValue('new secret words')
    return wrapper
  }

  it('sends both passwords, empties the fields and tells that it is done', async () => {
    answer = () => new Response(null, { status: 204 })
    const wrapper = await filled()
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    const body = { current_password: 'old secret words', new_password: 'new secret words' }
    expect(sent).toEqual([{ method: 'POST', path: '/api/v1/account/password', body }])
    expect(wrapper.findAll('label input').map((one) => (one.element as HTMLInputElement).value)).toEqual([
      '',
      '',
    ])
    expect(wrapper.emitted('changed')).toHaveLength(1)
  })

  it('says at the field what was wrong, and keeps what was typed', async () => {
    const errors = [{ pointer: '/current_password', message: 'This is not your present password.' }]
    answer = () => Response.json({ title: 'Wrong password', status: 403, errors }, { status: 403 })
    const wrapper = await filled()
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[role=alert]').text()).toBe('This is not your present password.')
    expect(wrapper.emitted('changed')).toBeUndefined()
    expect((wrapper.get('label input').element as HTMLInputElement).value).toBe('old secret words')
  })

  it('asks for no present password where there is none', async () => {
    answer = () => new Response(null, { status: 204 })
    const wrapper = mount(PasswordCard, { global, props: { hasPassword: false } })
    const fields = wrapper.findAll('label input')
    expect(fields).toHaveLength(1)
    await fields[0]?.setValue('new secret words')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(sent[0]?.body).toEqual({ current_password: null, new_password: 'new secret words' })
  })

  it('does not offer to send a new password that is too short', async () => {
    const wrapper = await filled()
    await wrapper.findAll('label input')[1]?.setValue('short')
    expect(wrapper.get('button[type=submit]').attributes('disabled')).toBeDefined()
  })
})
