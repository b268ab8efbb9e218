import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import BarChart from '@/kit/components/BarChart.vue'

const bars = [4, 0, 2].map((value, index) => ({
  value,
  marked: index === 2 ? 1 : 0,
  text: `minute ${index}: ${value}`,
}))

function chart() {
  const wrapper = mount(BarChart, { props: { label: 'By minute', bars, summary: '6 in all', axis: [] } })
  const slider = wrapper.get('[role=slider]')
  return { wrapper, slider, readout: () => wrapper.get('[data-testid=chart-readout]').text() }
}

describe('BarChart', () => {
  it('says the summary until a bar is pointed at', async () => {
    const { slider, readout } = chart()
    expect(readout()).toBe('6 in all')
    await slider.trigger('focus')
    expect(readout()).toBe('minute 2: 2')
    await slider.trigger('blur')
    expect(readout()).toBe('6 in all')
  })

  it('is walked over by keyboard, and stops at both ends', async () => {
    const { slider } = chart()
    await slider.trigger('focus')
    for (const _ of [1, 2, 3]) await slider.trigger('keydown', { key: 'ArrowLeft' })
    expect(slider.attributes('aria-valuenow')).toBe('0')
    expect(slider.attributes('aria-valuetext')).toBe('minute 0: 4')
    await slider.trigger('keydown', { key: 'End' })
    await slider.trigger('keydown', { key: 'ArrowRight' })
    expect(slider.attributes('aria-valuenow')).toBe('2')
  })

  it('draws a bar to scale, none for nothing, and marks what is bad', () => {
    const { wrapper } = chart()
    const heights = wrapper.findAll('.bar').map((bar) => Number(bar.attributes('height')))
    expect(heights).toEqual([56, 0, 28])
    expect(wrapper.findAll('.marked').map((bar) => bar.attributes('height'))).toEqual(['14'])
  })
})
