import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from '@/features/identity/composables/useSession'

const ADA = { id: '1', name: 'Ada', email: 'ada@example.org', role: 'admin', created_at: '' }
const STEP = { step: 'code', email: ADA.email, expires_at: '' }
const PROBLEMS = '/problems/'

/** Answer requests by "METHOD path" in turn; asked for anything else, fail. */
function hub(answers: [string, number, unknown][]): void {
  vi.stubGlobal('fetch', (request: Request) => {
    const asked = `${request.method} ${new URL(request.url).pathname.replace('/api/v1', '')}`
    const [expected, status, body] = answers.shift() ?? ['nothing', 500, null]
    expect(asked).toBe(expected)
    const isEmpty = status === 204
    return Promise.resolve(
      new Response(isEmpty ? null : JSON.stringify(body), {
        status,
        headers: isEmpty ? { 'content-length': '0' } : { 'content-type': 'application/json' },
      }),
    )
  })
}

describe('session', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it('is not there before the second step', async () => {
    const session = useSession()
    hub([['POST /auth/login', 202, STEP]])
    expect(await session.signIn('a', 'b')).toEqual(STEP)
    expect(session.user).toBeNull()
    hub([['POST /auth/second-step', 200, { user: ADA }]])
    await session.giveCode('123456')
    expect(session.user).toEqual(ADA)
  })

  it('is one’s own again once acting as somebody else is over', async () => {
    const session = useSession()
    hub([
      ['GET /auth/me', 401, { type: `${PROBLEMS}impersonation-over`, title: 'Over', status: 401 }],
      ['POST /auth/impersonation/stop', 204, null],
      ['GET /auth/me', 200, { user: ADA, impersonation: null }],
    ])
    expect(await session.load()).toEqual(ADA)
  })

  it('does not ask to stop where nobody is signed in', async () => {
    const session = useSession()
    hub([['GET /auth/me', 401, { type: `${PROBLEMS}not-signed-in`, title: 'Not signed in', status: 401 }]])
    expect(await session.load()).toBeNull()
  })
})
