import { flushPromises, mount } from '@vue/test-utils'
import { h } from 'vue'
import type { FunctionalComponent } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PersonalSecret } from '@/api/types'
import SecretDialog from '@/features/identity/components/secrets/SecretDialog.vue'
import SecretsCard from '@/features/identity/components/secrets/SecretsCard.vue'

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
const UFormField: FunctionalComponent<{ label?: string; error?: string; name?: string }> = (
  props,
  { slots },
) => h('label', { 'data-field': props.name }, [slots.default?.(), props.error && h('p', props.error)])
UFormField.props = ['label', 'error', 'name', 'help']
const UInput: FunctionalComponent<
  { modelValue?: string },
  { 'update:modelValue': (value: string) => void }
> = (props, { emit }) =>
  h('input', {
    value: props.modelValue,
    onInput: (event: Event) => emit('update:modelValue', (event.target as HTMLInputElement).value),
  })
UInput.props = ['modelValue']
const UModal: FunctionalComponent<{ open?: boolean }> = (props, { slots }) =>
  props.open ? h('div', { role: 'dialog' }, [slots.body?.(), slots.footer?.()]) : null
UModal.props = ['open', 'title', 'description']
const Plain: FunctionalComponent = (_, { slots }) => h('span', slots.default?.())
const global = {
  components: { UButton, UFormField, UInput, UTextarea: UInput, USelect: UInput, UModal, UAlert: Plain },
}

const variable: PersonalSecret = {
  name: 'API_KEY',
  kind: 'variable',
  path: null,
  size: 12,
  changed_at: '2026-01-01T10:00:00Z',
  last_read_at: null,
}
const file: PersonalSecret = { ...variable, name: 'aws', kind: 'file', path: '.aws/credentials' }

const sent: { method: string; path: string; onlyNew: string | null; body: unknown }[] = []
let items: PersonalSecret[]
let refusal: Response | undefined

beforeEach(() => {
  sent.length = 0
  items = []
  refusal = undefined
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method === 'GET') return Response.json({ items, next_cursor: null })
    const body = request.method === 'PUT' ? await request.clone().json() : undefined
    const path = new URL(request.url).pathname.replace('/api/v1/account/secrets/', '')
    sent.push({ method: request.method, path, onlyNew: request.headers.get('if-none-match'), body })
    if (refusal) return refusal
    return request.method === 'PUT' ? Response.json(variable) : new Response(null, { status: 204 })
  })
})
afterEach(() => vi.unstubAllGlobals())

async function card() {
  const wrapper = mount(SecretsCard, { global })
  await flushPromises()
  return wrapper
}

async function fill(wrapper: Awaited<ReturnType<typeof card>>, fields: Record<string, string>) {
  for (const [name, value] of Object.entries(fields))
    await wrapper.get(`[data-field=secret-${name}] input`).setValue(value)
  await wrapper.get('form').trigger('submit')
  await flushPromises()
}

const clickOn = (wrapper: Awaited<ReturnType<typeof card>>, text: string) =>
  wrapper
    .findAll('button')
    .find((one) => one.text() === text)
    ?.trigger('click')

describe('SecretsCard', () => {
  it('says what secrets are for while there are none', async () => {
    expect((await card()).text()).toContain(
      'No secrets yet. Add what your notebooks and scripts sign in with',
    )
  })

  it('adds a variable, which replaces none of the same name', async () => {
    const wrapper = await card()
    await clickOn(wrapper, 'Add secret')
    await fill(wrapper, { name: 'API_KEY', value: 'lilac' })
    const body = { kind: 'variable', path: null, value: 'lilac', encoding: 'text' }
    expect(sent).toEqual([{ method: 'PUT', path: 'API_KEY', onlyNew: '*', body }])
    expect(wrapper.find('[role=dialog]').exists()).toBe(false)
    await clickOn(wrapper, 'Add secret')
    expect((wrapper.get('[data-field=secret-value] input').element as HTMLInputElement).value).toBe('')
  })

  it('replaces a file at its path', async () => {
    items = [file]
    const wrapper = await card()
    expect(wrapper.get('[data-secret=aws]').text()).toContain('file ~/.aws/credentials')
    await clickOn(wrapper, 'Replace')
    await fill(wrapper, { value: 'pebble' })
    const body = { kind: 'file', path: '.aws/credentials', value: 'pebble', encoding: 'text' }
    expect(sent).toEqual([{ method: 'PUT', path: 'aws', onlyNew: null, body }])
  })

  it('deletes only what is confirmed', async () => {
    items = [variable]
    const wrapper = await card()
    await clickOn(wrapper, 'Delete')
    expect(sent).toEqual([])
    await clickOn(wrapper, 'Delete secret')
    await flushPromises()
    expect(sent).toMatchObject([{ method: 'DELETE', path: 'API_KEY' }])
  })

  it('says at the field what was wrong, and keeps what was typed', async () => {
    const errors = [{ pointer: '/name', message: '"PATH" is set by the platform; choose another name.' }]
    refusal = Response.json({ title: 'Invalid input', status: 422, errors }, { status: 422 })
    const wrapper = await card()
    await clickOn(wrapper, 'Add secret')
    await fill(wrapper, { name: 'PATH', value: 'lilac' })
    expect(wrapper.get('[data-field=secret-name]').text()).toContain('is set by the platform')
    expect((wrapper.get('[data-field=secret-value] input').element as HTMLInputElement).value).toBe('lilac')
  })
})

describe('SecretDialog', () => {
  async function chosen(content: Uint8Array<ArrayBuffer>) {
    const save = vi.fn(async () => undefined)
    const wrapper = mount(SecretDialog, { global, props: { open: false, save } })
    await wrapper.setProps({ open: true })
    await wrapper.get('[data-field=secret-kind] input').setValue('file')
    const input = wrapper.get('input[type=file]')
    Object.defineProperty(input.element, 'files', { value: [new File([content], '.my key.pem')] })
    await input.trigger('change')
    return { wrapper, save }
  }

  it('sends any bytes of a file, and proposes what to call it', async () => {
    const { wrapper, save } = await chosen(new Uint8Array([0, 255, 10]))
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    const value = { kind: 'file', path: '.my key.pem', value: 'AP8K', encoding: 'base64' }
    expect(save).toHaveBeenCalledExactlyOnceWith('mykey.pem', value, true)
  })

  it('does not offer to send one that is too large', async () => {
    const { wrapper } = await chosen(new Uint8Array(64 * 1024 + 1))
    expect(wrapper.get('[role=alert]').text()).toContain('a secret has at most 64 KiB')
    expect(wrapper.get('button[type=submit]').attributes('disabled')).toBeDefined()
  })
})
