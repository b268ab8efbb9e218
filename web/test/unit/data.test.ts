import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DataReader } from '@/api/types'
import { useApps } from '@/features/apps/composables/useApps'
import { latencyInWords, milliseconds, quantile } from '@/features/data/composables/latency'
import {
  afterAllowing,
  afterRefusing,
  choicesOf,
  namedCollections,
  readerLook,
  readLook,
  spellOut,
} from '@/features/data/composables/sharing'
import { GIB, gibToBytes, storageLook } from '@/features/data/composables/storage'
import { useRequests } from '@/features/data/composables/useRequests'

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

const granted = (names: string[], waiting: string[] = []) =>
  makeReader({ state: 'granted', granted: names, waiting })

describe('what is said of sharing', () => {
  it.each([
    [makeReader(), 'waiting for an owner', 'asks'],
    [granted(['clicks', 'people']), 'readable', 'reads'],
    [granted(['*']), 'readable', 'reads'],
    [granted(['clicks']), 'partly readable', 'reads a part'],
    [granted(['clicks'], ['people']), 'partly readable', 'asks for more'],
    [makeReader({ state: 'refused', waiting: [] }), 'refused', 'refused'],
    [makeReader({ state: 'taken-back', waiting: [] }), 'taken back', 'taken back'],
    [makeReader({ state: 'taken-back', waiting: ['people'] }), 'waiting for an owner', 'asks'],
    [makeReader({ is_wanted: false, waiting: [] }), 'no longer asked for', 'no longer asks'],
  ])('depends on wishes and decisions (%#)', (reader, toReader, toSource) => {
    expect([readLook(reader).label, readerLook(reader).label]).toEqual([toReader, toSource])
  })

  it('takes everything that is offered for all that is asked for', () => {
    expect(readLook({ ...granted(['clicks']), wanted: ['*'] }).label).toBe('readable')
  })

  it.each([
    [['clicks'], 'clicks'],
    [['clicks', 'people'], 'clicks and people'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b and 3 more'],
    [['*', 'clicks'], 'every collection'],
  ])('names collections %j', (names, text) => expect(namedCollections(names)).toBe(text))
})

describe('a decision', () => {
  it('is about what waits, and keeps what was granted before', () => {
    const reader = granted(['clicks'], ['people'])
    expect(choicesOf(reader)).toEqual(['people'])
    expect(afterAllowing(reader, ['people'])).toEqual(['clicks', 'people'])
    expect(afterRefusing(reader)).toEqual(['clicks'])
  })

  it('can be changed to exactly what is chosen', () => {
    const reader = granted(['clicks', 'gone'])
    expect(choicesOf(reader)).toEqual(['clicks', 'people', 'gone'])
    expect(afterAllowing(reader, ['people'])).toEqual(['people'])
  })

  it('names what is offered to those who ask for everything', () => {
    const reader = makeReader({ wanted: ['*', 'clicks'], waiting: ['*'] })
    expect(spellOut(reader, ['clicks', 'people'])).toMatchObject({
      wanted: ['clicks', 'people'],
      waiting: ['clicks', 'people'],
    })
    expect(spellOut(reader, [])).toBe(reader)
    const everything = makeReader({ wanted: ['*'], granted: ['*'], waiting: [] })
    expect(spellOut(everything, ['clicks'])).toBe(everything)
  })

  it('refuses all when nothing was granted', () => expect(afterRefusing(makeReader())).toEqual([]))
})

describe('latency', () => {
  const buckets = (...counts: number[]) =>
    [1, 10, 100, null].map((bound, index) => ({ up_to_ms: bound, count: counts[index] ?? 0 }))

  it('is estimated within its bucket', () => {
    expect(quantile(buckets(0, 100, 0, 0), 0.5)).toBe(5.5)
    expect(quantile(buckets(50, 50, 0, 0), 0.5)).toBe(1)
    expect(quantile(buckets(50, 0, 50, 0), 0.95)).toBe(91)
  })

  it('is unknown without commands, and unbounded in the last bucket', () => {
    expect(quantile(buckets(), 0.5)).toBeNull()
    expect(quantile(buckets(1, 0, 0, 99), 0.5)).toBe(Number.POSITIVE_INFINITY)
  })

  it('is told in a sentence', () => {
    expect(latencyInWords(buckets())).toBe('')
    expect(latencyInWords(buckets(90, 0, 0, 10))).toBe(
      'Half of the commands took up to about 0.56 ms, 95 of 100 more than 100 ms.',
    )
  })

  it.each([
    [0.254, '0.25 ms'],
    [2, '2 ms'],
    [99.6, '100 ms'],
    [1840, '1.8 s'],
    [30_000, '30 s'],
    [120_000, '2 min'],
  ])('%d is %s', (value, text) => expect(milliseconds(value)).toBe(text))
})

describe('storage', () => {
  const storage = (percent: number | null, rest = {}) => ({
    used_bytes: percent === null ? null : (percent / 100) * GIB,
    is_estimate: false,
    measured_at: null,
    allowed_bytes: GIB,
    allowed_by: '',
    ...rest,
  })

  it.each([
    [79, 'primary', false, false],
    [80, 'warning', true, false],
    [100, 'error', false, true],
    [130, 'error', false, true],
  ])('at %d %% is %s', (percent, color, isNearlyFull, isFull) =>
    expect(storageLook(storage(percent))).toMatchObject({
      color,
      isNearlyFull,
      isFull,
      percent: Math.min(100, percent),
    }),
  )

  it('says when it is an estimate, and when nothing is known', () => {
    expect(storageLook(storage(50, { is_estimate: true })).text).toBe('about 512 MiB of 1.0 GiB')
    expect(storageLook(storage(null))).toMatchObject({
      percent: null,
      text: '1.0 GiB allowed',
      color: 'primary',
    })
  })

  it('is allowed in GiB', () => {
    expect([gibToBytes('0.5'), gibToBytes(2)]).toEqual([GIB / 2, 2 * GIB])
    expect([gibToBytes(''), gibToBytes('-1'), gibToBytes('much')]).toEqual([null, null, null])
  })
})

describe('useRequests', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  const source = { slug: 'clicks', name: 'Clicks', icon: null, url: 'http://clicks.apps.localhost/' }

  it('reads every page, and again when an event says that something changed', async () => {
    const asked: string[] = []
    vi.stubGlobal('fetch', (request: Request) => {
      const { search } = new URL(request.url)
      asked.push(search)
      const isFirst = !search.includes('cursor')
      return Promise.resolve(
        Response.json({
          items: [{ app: source, reader: makeReader() }],
          next_cursor: isFirst ? 'more' : null,
        }),
      )
    })
    const requests = useRequests()
    await vi.waitFor(() => expect(requests.isLoaded).toBe(true))
    expect(asked).toEqual(['?limit=200', '?limit=200&cursor=more'])
    expect(requests.of('clicks')).toHaveLength(2)
    expect(requests.of('other')).toEqual([])

    useApps().receive({ id: '', event: 'data', data: '{"slug":"clicks"}' })
    useApps().receive({ id: '', event: 'data', data: '{"slug":"other"}' })
    await vi.advanceTimersByTimeAsync(200)
    await vi.waitFor(() => expect(asked).toHaveLength(4))
  })

  it('drops an answer that a newer reading has overtaken', async () => {
    const answers: ((items: unknown[]) => void)[] = []
    vi.stubGlobal(
      'fetch',
      () =>
        new Promise<Response>((resolve) => {
          answers.push((items) => resolve(Response.json({ items, next_cursor: null })))
        }),
    )
    const requests = useRequests()
    const second = requests.refresh()
    answers[1]?.([])
    await second
    answers[0]?.([{ app: source, reader: makeReader() }])
    await vi.advanceTimersByTimeAsync(0)
    expect(requests.items).toEqual([])
  })
})
