import { afterEach, describe, expect, it, vi } from 'vitest'
import { setUnauthorizedHandler, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'

const answer = (status: number, rest: object = {}) =>
  Promise.resolve({ response: new Response(null, { status }), ...rest })

afterEach(() => setUnauthorizedHandler(() => undefined))

describe('unwrap', () => {
  it('returns the data', async () => {
    expect(await unwrap(answer(200, { data: 7 }))).toBe(7)
  })

  it('throws the problem', async () => {
    const error = { type: '/problems/conflict', title: 'Conflict', detail: 'Not now.' }
    await expect(unwrap(answer(409, { error }))).rejects.toMatchObject({
      kind: 'conflict',
      detail: 'Not now.',
    })
  })

  it('reports a 401, unless told to be quiet', async () => {
    const handler = vi.fn()
    setUnauthorizedHandler(handler)
    await expect(unwrap(answer(401), { quiet401: true })).rejects.toBeInstanceOf(ApiProblem)
    expect(handler).not.toHaveBeenCalled()
    await expect(unwrap(answer(401))).rejects.toBeInstanceOf(ApiProblem)
    expect(handler).toHaveBeenCalledOnce()
  })

  it('makes a problem of a failed connection', async () => {
    await expect(unwrap(Promise.reject(new TypeError('x')))).rejects.toMatchObject({ status: 0 })
  })
})
