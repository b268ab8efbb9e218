import { describe, expect, it } from 'vitest'
import { ApiProblem } from '@/api/problem'
import { isGone, linkCode } from '@/features/identity/composables/links'
import { scopeItems, scopeNames } from '@/features/identity/composables/scopes'

describe('linkCode', () => {
  it('is what stands behind #', () => expect(linkCode({ hash: '#a_b-c' })).toBe('a_b-c'))
  it('is empty without one', () => expect(linkCode({ hash: '' })).toBe(''))
})

describe('isGone', () => {
  const problem = (type: string) => new ApiProblem({ type: `/problems/${type}` }, 403)
  it('tells a link that is of no use from anything else', () => {
    expect(isGone(problem('link-not-valid'))).toBe(true)
    expect(isGone(problem('email-taken'))).toBe(false)
    expect(isGone(undefined)).toBe(false)
  })
})

describe('scopes', () => {
  it('offers managing people to admins only', () => {
    const values = (role: 'admin' | 'developer') => scopeItems(role).map((one) => one.value)
    expect(values('admin')).toContain('admin')
    expect(values('developer')).toEqual([
      'read',
      'apps:open',
      'apps:write',
      'environments:open',
      'environments:write',
    ])
  })
  it('names them, or that there are no limits', () => {
    expect(scopeNames(['read', 'apps:open'])).toBe('read, apps:open')
    expect(scopeNames(null)).toBe('all that you may')
  })
})
