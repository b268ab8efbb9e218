import { describe, expect, it } from 'vitest'
import type { LogLine } from '@/api/types'
import { highlight, LogBuffer, plainText } from '@/features/apps/composables/logBuffer'

const line = (offset: number, text = `line ${offset}`, workload?: string): LogLine => ({
  offset,
  at: '2026-11-21T07:00:00Z',
  stream: 'stdout',
  text,
  ...(workload && { workload }),
})
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => line(from + index))

describe('LogBuffer', () => {
  it('keeps lines in order, in chunks', () => {
    const buffer = new LogBuffer(3, 10)
    buffer.append(lines(1, 3))
    buffer.append(lines(3, 9))
    expect(buffer.chunks.map((chunk) => chunk.lines.length)).toEqual([3, 3, 2])
    expect([...buffer.lines()].map((entry) => entry.offset)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(buffer.size).toBe(8)
  })

  it('leaves chunks that are full alone', () => {
    const buffer = new LogBuffer(3, 10)
    buffer.append(lines(1, 5))
    const [full] = buffer.chunks
    buffer.append(lines(5, 6))
    expect(buffer.chunks[0]).toBe(full)
  })

  it('drops the oldest lines over the cap and counts them', () => {
    const buffer = new LogBuffer(2, 3)
    buffer.append(lines(1, 10))
    expect([...buffer.lines()].map((entry) => entry.offset)).toEqual([5, 6, 7, 8, 9])
    expect(buffer.dropped).toBe(4)
    expect(buffer.size).toBe(5)
  })

  it('leaves out what a resumed stream repeats', () => {
    const buffer = new LogBuffer()
    buffer.append(lines(1, 5))
    expect(buffer.append(lines(3, 7))).toBe(2)
    expect(buffer.size).toBe(6)
  })

  it('takes lines of the next workload, whose offsets begin anew', () => {
    const buffer = new LogBuffer()
    buffer.append([line(10, 'old', 'w1'), line(5, 'new', 'w2')])
    expect([...buffer.lines()].map((entry) => entry.text)).toEqual(['old', 'new'])
  })

  it('starts over', () => {
    const buffer = new LogBuffer(2, 3)
    buffer.append(lines(1, 10))
    buffer.clear()
    expect(buffer.append(lines(1, 2))).toBe(1)
    expect(buffer.dropped).toBe(0)
  })
})

describe('plainText', () => {
  it('takes terminal colours, links and progress redraws out', () => {
    expect(plainText('\u001b[1;32mok\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007')).toBe('ok link')
    expect(plainText(' 10%\r 50%\r100%\r')).toBe('100%')
  })
})

describe('highlight', () => {
  it('finds every hit whatever the case', () => {
    expect(highlight('Error: no error', 'error')).toEqual([
      { text: 'Error', isHit: true },
      { text: ': no ', isHit: false },
      { text: 'error', isHit: true },
    ])
  })
})
