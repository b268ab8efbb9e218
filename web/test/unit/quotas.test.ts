import { flushPromises, mount } from '@vue/test-utils'
import { h } from 'vue'
import type { FunctionalComponent } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { MyQuotas, Quota, QuotaUsed } from '@/api/types'
import MyQuotasCard from '@/features/quotas/components/MyQuotasCard.vue'
import QuotaBars from '@/features/quotas/components/QuotaBars.vue'
import { fromFields, limitLooks, toFields } from '@/features/quotas/composables/limits'

const GIB = 2 ** 30
const NOTHING: QuotaUsed = {
  apps: 0,
  apps_running: 0,
  environments: 0,
  cpu: 0,
  memory_bytes: 0,
  disk_bytes: 0,
  database_bytes: 0,
}

function makeQuota(rest: Partial<Quota> = {}): Quota {
  const subject = { subject: 'user:u1', kind: 'user' as const, name: 'Grace', is_active: true }
  return { subject, limits: {}, used: NOTHING, ...rest }
}

describe('looks of limits', () => {
  it('are of what is limited, fullest in red', () => {
    const used = { ...NOTHING, apps: 3, cpu: 1.7, memory_bytes: GIB }
    const looks = limitLooks({ apps: 3, cpu: 2, memory_bytes: 4 * GIB }, used)
    expect(looks.map(({ text, percent, tone }) => [text, percent, tone])).toEqual([
      ['3 of 3', 100, 'bg-error'],
      ['1.7 of 2', 85, 'bg-warning'],
      ['1.0 GiB of 4.0 GiB', 25, 'bg-primary'],
    ])
  })

  it('are full where nothing is allowed, and open where nothing is known', () => {
    expect(limitLooks({ apps: 0 }, NOTHING)[0]?.percent).toBe(100)
    expect(limitLooks({ apps: 2 }, null)[0]).toMatchObject({ text: 'up to 2', percent: null })
  })
})

describe('fields of limits', () => {
  it('tell bytes in GiB, and leave out what is empty', () => {
    const limits = { apps: 0, disk_bytes: 1.5 * GIB }
    const fields = toFields(limits)
    expect([fields.apps, fields.disk_bytes, fields.cpu]).toEqual([0, 1.5, ''])
    expect(fromFields(fields)).toEqual(limits)
  })
})

describe('QuotaBars', () => {
  it('has a meter for each limit', () => {
    const quota = makeQuota({ limits: { apps: 4 }, used: { ...NOTHING, apps: 1 } })
    const meter = mount(QuotaBars, { props: { quota } }).get('[role=meter]')
    expect(meter.attributes('aria-label')).toBe('Apps of Grace')
    expect([meter.attributes('aria-valuenow'), meter.attributes('aria-valuetext')]).toEqual(['25', '1 of 4'])
  })

  it('says that nothing is limited', () => {
    expect(mount(QuotaBars, { props: { quota: makeQuota() } }).text()).toBe('Nothing is limited.')
  })
})

describe('MyQuotasCard', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('tells what is shared, and what is not limited', async () => {
    const group = { subject: 'group:g1', kind: 'group' as const, name: 'Lab', is_active: true }
    const mine: MyQuotas = {
      used: { ...NOTHING, disk_bytes: 3 * GIB },
      quotas: [
        makeQuota({ limits: { apps: 1 } }),
        makeQuota({ subject: group, limits: { cpu: 4 }, used: { ...NOTHING, cpu: 3 } }),
      ],
      holdings: [],
    }
    vi.stubGlobal('fetch', () =>
      Promise.resolve(
        new Response(JSON.stringify(mine), { headers: { 'content-type': 'application/json' } }),
      ),
    )
    const Plain: FunctionalComponent = (_, { slots }) => h('span', slots.default?.())
    const card = mount(MyQuotasCard, { global: { components: { UIcon: Plain, UButton: Plain } } })
    await flushPromises()
    await flushPromises()
    expect(card.findAll('h3').map((one) => one.text())).toEqual([
      'You',
      'Lab, all its members together',
      'Not limited',
    ])
    expect(card.get('[data-quota="group:g1"]').text()).toContain('3 of 4')
    expect(card.get('[data-testid=unlimited]').text()).toContain('3.0 GiB')
    expect(card.get('[data-testid=unlimited]').text()).not.toContain('Cores')
  })
})
