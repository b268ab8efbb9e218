import { flushPromises } from '@vue/test-utils'
import { effectScope, ref } from 'vue'
import type { EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usePages } from '@/features/identity/composables/usePages'

interface One {
  id: string
  words: string
}

interface Asked {
  cursor: string | null
  signal: AbortSignal
  answer: (ids: string[], next?: string | null) => void
  refuse: () => void
}

let scope: EffectScope
let asked: Asked[]

function pages() {
  const words = ref('a')
  const list = scope.run(() =>
    usePages<One>({
      on: words,
      page: (cursor, signal) =>
        new Promise((resolve, reject) => {
          const of = words.value
          asked.push({
            cursor,
            signal,
            answer: (ids, next = null) =>
              resolve({ items: ids.map((id) => ({ id, words: of })), next_cursor: next }),
            refuse: () => reject(new TypeError('no network')),
          })
        }),
    }),
  )
  if (!list) throw new Error('the scope has ended')
  return { words, list, ids: () => list.items.value.map((one) => one.id) }
}

describe('usePages', () => {
  beforeEach(() => {
    scope = effectScope()
    asked = []
  })
  afterEach(() => scope.stop())

  it('appends pages until there is no cursor', async () => {
    const { list, ids } = pages()
    asked[0]?.answer(['1', '2'], 'after-2')
    await flushPromises()
    expect(list.hasMore.value).toBe(true)
    void list.more()
    expect(asked[1]?.cursor).toBe('after-2')
    asked[1]?.answer(['3'])
    await flushPromises()
    expect(ids()).toEqual(['1', '2', '3'])
    expect(list.hasMore.value).toBe(false)
  })

  it('keeps what is shown until the new words are answered, and drops late answers', async () => {
    const { words, list, ids } = pages()
    asked[0]?.answer(['1'])
    await flushPromises()
    words.value = 'ab'
    await flushPromises()
    words.value = 'abc'
    await flushPromises()
    expect(ids()).toEqual(['1'])
    expect(asked[1]?.signal.aborted).toBe(true)
    asked[2]?.answer(['7'])
    asked[1]?.answer(['late'])
    await flushPromises()
    expect(list.items.value).toEqual([{ id: '7', words: 'abc' }])
  })

  it('tells of a failure and gets over it', async () => {
    const { list, ids } = pages()
    asked[0]?.refuse()
    await flushPromises()
    expect(list.problem.value?.status).toBe(0)
    expect(list.isLoaded.value).toBe(false)
    void list.reload()
    asked[1]?.answer(['1'])
    await flushPromises()
    expect(list.problem.value).toBeUndefined()
    expect(ids()).toEqual(['1'])
  })

  it('changes one item where it stands, or takes it out', async () => {
    const { list, ids } = pages()
    asked[0]?.answer(['1', '2', '3'])
    await flushPromises()
    list.put('2', { id: '2', words: 'new' })
    list.put('3', null)
    expect(list.items.value[1]?.words).toBe('new')
    expect(ids()).toEqual(['1', '2'])
  })
})
