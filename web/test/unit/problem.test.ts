import { describe, expect, it } from 'vitest'
import { ApiProblem } from '@/api/problem'

const json = (body: unknown, status: number, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers })

describe('ApiProblem', () => {
  it('reads problem+json', async () => {
    const problem = await ApiProblem.fromResponse(
      json(
        { type: '/problems/too-many-attempts', title: 'Too many attempts', status: 429, detail: 'Wait.' },
        429,
        {
          'retry-after': '30',
        },
      ),
    )
    expect(problem).toMatchObject({
      kind: 'too-many-attempts',
      status: 429,
      detail: 'Wait.',
      retryAfterSeconds: 30,
    })
    expect(problem.message).toBe('Too many attempts: Wait.')
  })

  it('says the status of an answer that is no problem', async () => {
    const problem = await ApiProblem.fromResponse(new Response('<h1>Bad gateway</h1>', { status: 502 }))
    expect(problem.title).toBe('Hothouse answered with an error (502)')
    expect(problem.kind).toBe('status-502')
  })

  it('names fields by their pointers, the first message of each', () => {
    const problem = new ApiProblem(
      {
        title: 'Invalid input',
        errors: [
          { pointer: '/body/email', message: 'Not an address.' },
          { pointer: '/email', message: 'Again.' },
          { pointer: '/env/A B', message: 'No spaces.' },
          { pointer: '', message: 'As a whole.' },
        ],
      },
      422,
    )
    expect(problem.fields).toEqual({ email: 'Not an address.', env: 'No spaces.' })
    expect(problem.toast.description).toContain('As a whole.')
  })

  it('tells of a hub that does not answer', () => {
    const problem = ApiProblem.from(new TypeError('Failed to fetch'))
    expect(problem).toMatchObject({ status: 0, title: 'Hothouse cannot be reached' })
    expect(problem.toast.color).toBe('warning')
  })

  it('passes problems through', () => {
    const problem = new ApiProblem({ title: 'X' }, 409)
    expect(ApiProblem.from(problem)).toBe(problem)
  })
})
