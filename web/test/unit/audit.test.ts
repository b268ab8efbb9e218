import { describe, expect, it } from 'vitest'
import { changesOf } from '@/features/audit/composables/changes'
import { thingKey, thingPage, whoName } from '@/features/audit/composables/entries'
import { asMoment } from '@/features/audit/composables/spans'

describe('changesOf', () => {
  it('names each value that differs, also those inside', () => {
    const before = { access: 'private', env: { MODE: 'slow', SAME: '1' } }
    const after = { access: 'public', env: { MODE: 'fast', SAME: '1', NEW: 'x' } }
    expect(changesOf({ before, after })).toEqual([
      { path: 'access', before: 'private', after: 'public' },
      { path: 'env.MODE', before: 'slow', after: 'fast' },
      { path: 'env.NEW', after: 'x' },
    ])
  })

  it('tells what was made and what was removed', () => {
    expect(changesOf({ before: null, after: { role: 'admin' } })).toEqual([{ path: 'role', after: 'admin' }])
    expect(changesOf({ before: { tags: ['a'] }, after: {} })).toEqual([{ path: 'tags', before: '["a"]' }])
  })

  it('tells nothing and an empty text apart', () => {
    expect(changesOf({ before: { icon: null }, after: { icon: '' } })).toEqual([
      { path: 'icon', before: 'nothing', after: '“”' },
    ])
  })

  it('is empty without a change', () => {
    expect(changesOf({ before: null, after: null })).toEqual([])
    expect(changesOf({ before: { a: { b: [1] } }, after: { a: { b: [1] } } })).toEqual([])
  })
})

describe('entries', () => {
  it('search by id, since names change', () => {
    expect(thingKey({ kind: 'app', id: 'a1', name: 'plot' })).toBe('app:a1')
    expect(thingKey({ kind: 'user', id: null, name: 'mia@example.org' })).toBe('user:mia@example.org')
  })

  it('lead to the page of what has one', () => {
    expect(thingPage({ kind: 'app', id: 'a1', name: 'plot' })).toBe('/apps/plot')
    expect(thingPage({ kind: 'user', id: 'u1', name: 'a+b@example.org' })).toBe(
      '/people?q=a%2Bb%40example.org',
    )
    expect(thingPage({ kind: 'token', id: 't1', name: 'CI' })).toBeNull()
  })

  it('say so when nobody was signed in', () => {
    expect(whoName({ who: { id: null, name: '', email: '', via: 'none' } })).toBe('Not signed in')
  })
})

describe('asMoment', () => {
  it('reads a local time, and nothing else', () => {
    expect(asMoment('2026-11-28T10:00')).toBe(new Date(2026, 10, 28, 10).toISOString())
    expect(asMoment('')).toBeUndefined()
    expect(asMoment('yesterday')).toBeUndefined()
  })
})
