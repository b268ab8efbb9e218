import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { Icon, iconLoaded } from '@/kit/iconify'
import { findIcon } from '@/kit/icons'
import { uiColors } from '../../scripts/uiColors'

describe('icons', () => {
  it('of the shell are there at once', () => {
    expect(iconLoaded('lucide:search')).toBe(true)
    expect(mount(Icon, { props: { icon: 'lucide-search' } }).html()).toContain('<circle')
  })

  it('of a feature come later, and take no other room then', async () => {
    const icon = mount(Icon, { props: { icon: 'lucide:table' }, attrs: { class: 'size-4' } })
    const before = icon.attributes()
    expect(icon.element.innerHTML).toBe('')
    await vi.waitFor(() => expect(icon.element.innerHTML).toContain('<path'))
    expect(icon.attributes()).toEqual(before)
    expect(before).toMatchObject({ class: 'size-4', width: '1em', viewBox: '0 0 24 24' })
  })

  it('that only an app names come from the whole set, under former names, too', async () => {
    for (const name of ['zodiac-aquarius', 'home']) {
      expect(findIcon(name)).toBeUndefined()
      await vi.waitFor(() => expect(findIcon(name)?.body).toContain('<path'), 5_000)
    }
  })

  it('that there are not stay empty', async () => {
    expect(findIcon('no-such-icon')).toBeUndefined()
    await vi.waitFor(() => expect(findIcon('zodiac-leo')).toBeDefined(), 5_000)
    expect(findIcon('no-such-icon')).toBeUndefined()
  })
})

describe('colors of parts', () => {
  it('are those of the palettes, of Tailwind or our own', () => {
    const { load } = uiColors({ primary: 'leaf', neutral: 'stone' })
    const sheet = (load as (id: string) => string)('\0virtual:ui-colors.css')
    expect(sheet).toContain('--ui-color-primary-50: var(--color-leaf-50);')
    expect(sheet).toMatch(/--ui-color-neutral-950: oklch\(/)
    expect(sheet).toContain('.dark { --ui-primary: var(--ui-color-primary-400); }')
  })
})
