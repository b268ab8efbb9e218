import { flushPromises, mount } from '@vue/test-utils'
import { h } from 'vue'
import type { FunctionalComponent } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import type { AccessRole, ActionDescription, Explanation, Openness } from '@/api/types'
import ExplainPath from '@/features/access/components/ExplainPath.vue'
import OpennessChoice from '@/features/access/components/OpennessChoice.vue'
import { dayOf, endOf, isEndingSoon } from '@/features/access/composables/expiry'
import { flagLook } from '@/features/access/composables/flags'
import { matrixOf, nameOf, roleItems } from '@/features/access/composables/roles'
import { subjectId, subjectPage } from '@/features/access/composables/subjects'

// Nuxt UI's own parts resolve only in a build.
vi.mock('@/kit/useNotify', () => ({
  useNotify: () => ({ attempt: (action: () => Promise<unknown>) => action().then(() => true) }),
}))
const Plain: FunctionalComponent = () => h('i')

const role = (name: string, actions: string[], rest: Partial<AccessRole> = {}): AccessRole => ({
  id: name,
  kind: 'app',
  name,
  title: name,
  description: '',
  actions,
  is_builtin: true,
  ...rest,
})
const action = (name: string, kind = 'app'): ActionDescription => ({
  action: name,
  kind,
  title: name,
  description: '',
})

describe('expiry', () => {
  const now = Date.parse('2026-11-28T10:00:00Z')

  it('ends after so many days, or never', () => {
    expect(endOf(7, '', now)).toBe('2026-12-05T10:00:00.000Z')
    expect(endOf(0, '2026-12-01', now)).toBeNull()
  })

  it('holds to the end of the chosen day', () => {
    expect(endOf(-1, '2026-12-01', now)).toBe(new Date(2026, 11, 1, 23, 59, 59).toISOString())
    expect(endOf(-1, '', now)).toBeNull()
    expect(dayOf(new Date(2026, 0, 5).getTime())).toBe('2026-01-05')
  })

  it('is soon within two weeks, and not once it is over', () => {
    expect(isEndingSoon('2026-12-05T10:00:00Z', now)).toBe(true)
    expect(isEndingSoon('2027-12-05T10:00:00Z', now)).toBe(false)
    expect(isEndingSoon('2026-11-05T10:00:00Z', now)).toBe(false)
    expect(isEndingSoon(null, now)).toBe(false)
  })
})

describe('roles', () => {
  it('are a table of one kind, without the one that keeps out', () => {
    const roles = [role('viewer', ['app.open']), role('denied', []), role('reader', [], { kind: 'group' })]
    const { columns, rows } = matrixOf('app', roles, [
      action('app.open'),
      action('app.edit'),
      action('g', 'group'),
    ])
    expect(columns.map((one) => one.name)).toEqual(['viewer'])
    expect(rows.map((row) => [row.action.action, ...row.held])).toEqual([
      ['app.open', true],
      ['app.edit', false],
    ])
  })

  it('offer keeping out last', () => {
    expect(roleItems([role('denied', []), role('viewer', [])]).map((one) => one.value)).toEqual([
      'viewer',
      'denied',
    ])
  })

  it('get a name that the hub takes', () => {
    expect(nameOf('Opérator & Runner 2')).toBe('ope-rator-runner-2')
    expect(nameOf('2nd  shift!')).toBe('nd-shift')
    expect(nameOf('…')).toBe('')
  })
})

describe('subjects', () => {
  it('are led to by what the person may see', () => {
    const mia = { subject: 'user:u1', kind: 'user', name: 'Mia', is_active: true } as const
    const group = { subject: 'group:g1', kind: 'group', name: 'Imaging', is_active: true } as const
    expect(subjectId(mia)).toBe('u1')
    expect(subjectPage(mia, true)).toBe('/access/people/u1')
    expect(subjectPage(mia, false)).toBeNull()
    expect(subjectPage(group, false)).toBe('/groups/g1')
  })
})

describe('flagLook', () => {
  it('shows also what it does not know', () => {
    expect(flagLook('no-owner').color).toBe('error')
    expect(flagLook('some-new-thing')).toMatchObject({ label: 'some new thing', color: 'neutral' })
  })
})

describe('ExplainPath', () => {
  it('draws each link in its order, and says what it comes to', () => {
    const explanation: Explanation = {
      is_allowed: false,
      reason: 'denied here',
      chain: [
        { kind: 'account', text: 'Mia' },
        { kind: 'denial', text: 'Mia is denied here' },
      ],
    }
    const wrapper = mount(ExplainPath, { props: { explanation }, global: { components: { UIcon: Plain } } })
    expect(wrapper.findAll('li').map((item) => item.text())).toEqual(['Mia', 'Mia is denied here'])
    expect(wrapper.get('p').text()).toContain('No')
    expect(wrapper.attributes('data-allowed')).toBe('false')
  })
})

describe('OpennessChoice', () => {
  it('asks for what was chosen, but not for what it is already', async () => {
    const asked: Openness[] = []
    const open = (value: Openness) => Promise.resolve(void asked.push(value))
    const wrapper = mount(OpennessChoice, {
      props: { openness: 'private', open },
      global: { components: { UIcon: Plain } },
    })
    const choices = wrapper.findAll('[role=radio]')
    expect(choices.map((one) => one.attributes('aria-checked'))).toEqual(['true', 'false', 'false'])
    await choices[0]?.trigger('click')
    await choices[2]?.trigger('click')
    await flushPromises()
    expect(asked).toEqual(['public'])
  })
})
