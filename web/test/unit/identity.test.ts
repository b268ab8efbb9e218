import { describe, expect, it } from 'vitest'
import { isServerPath, safeNext } from '@/features/identity/composables/next'
import { passwordStrength } from '@/features/identity/composables/password'

const origin = 'http://localhost:8000'

describe('safeNext', () => {
  it.each([
    ['/apps/hello?x=1#y', '/apps/hello?x=1#y'],
    ['/api/v1/auth/handover?app=hello&state=s&next=%2F', '/api/v1/auth/handover?app=hello&state=s&next=%2F'],
    [`${origin}/account`, '/account'],
  ])('goes to %s', (next, expected) => expect(safeNext(next, origin)).toBe(expected))

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    'http://localhost:8000@evil.example/',
    'http://user@localhost:8000/',
    'http://localhost:9000/',
    '',
    undefined,
    ['/a', '/b'],
  ])('does not go to %s', (next) => expect(safeNext(next, origin)).toBe('/'))

  it('knows which paths the hub answers', () => {
    expect(isServerPath('/api/v1/auth/handover')).toBe(true)
    expect(isServerPath('/apps/api')).toBe(false)
  })
})

describe('passwordStrength', () => {
  it.each([
    ['short', 0],
    ['password1234', 1],
    ['aaaaaaaaaaaaaa', 1],
    ['ada-lovelace-x', 1],
    ['correct horse battery staple', 4],
  ])('%s scores %i', (password, score) =>
    expect(passwordStrength(password, ['Ada-Lovelace']).score).toBe(score),
  )
})
