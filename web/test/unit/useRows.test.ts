import { flushPromises } from '@vue/test-utils'
import { effectScope, nextTick, ref } from 'vue'
import type { EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useRows } from '@/kit/useRows'

let scope: EffectScope
let top: number

function rows(count: number, onEnd = () => undefined as unknown) {
  const anchor = ref({ getBoundingClientRect: () => ({ top }) } as unknown as HTMLElement)
  const size = ref(count)
  const found = scope.run(() => useRows({ count: size, height: ref(50), anchor, onEnd }))
  if (!found) throw new Error('the scope has ended')
  return { ...found, size }
}

async function scrollTo(to: number): Promise<void> {
  top = -to
  window.dispatchEvent(new Event('scroll'))
  await vi.waitFor(() => nextTick())
  await new Promise((resolve) => requestAnimationFrame(resolve))
  await flushPromises()
}

describe('useRows', () => {
  beforeEach(() => {
    scope = effectScope()
    top = 0
    window.innerHeight = 1000
  })
  afterEach(() => scope.stop())

  it('draws what is seen and some more, and keeps the room of the rest', async () => {
    const { first, last, before, after } = rows(10_000)
    expect([first.value, last.value]).toEqual([0, 40])
    await scrollTo(100_000)
    expect([first.value, last.value]).toEqual([1_980, 2_040])
    expect(before.value + after.value + (last.value - first.value) * 50).toBe(500_000)
  })

  it('asks for more when the end of what is there comes into sight', async () => {
    const onEnd = vi.fn()
    const { size } = rows(100, onEnd)
    await scrollTo(1_000)
    expect(onEnd).not.toHaveBeenCalled()
    await scrollTo(4_000)
    expect(onEnd).toHaveBeenCalledTimes(1)
    size.value = 110
    await flushPromises()
    expect(onEnd).toHaveBeenCalledTimes(2)
    size.value = 200
    await flushPromises()
    expect(onEnd).toHaveBeenCalledTimes(2)
  })

  it('draws nothing of nothing', () => {
    const { first, last, before, after } = rows(0)
    expect([first.value, last.value, before.value, after.value]).toEqual([0, 0, 0, 0])
  })
})
