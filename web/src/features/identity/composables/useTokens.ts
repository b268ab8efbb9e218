import { api, unwrap } from '@/api/client'
import type { NewToken, NewTokenRequest, Token } from '@/api/types'
import { useLoad } from '@/kit/useLoad'
import { readAll } from './paging'

/** The API tokens of the person signed in. */
export function useTokens() {
  const {
    data: tokens,
    problem,
    loading,
    reload,
  } = useLoad({
    load: () => readAll<Token>((query) => unwrap(api.GET('/api/v1/tokens', { params: { query } }))),
  })

  async function create(body: NewTokenRequest): Promise<NewToken> {
    const made = await unwrap(api.POST('/api/v1/tokens', { body }))
    await reload()
    return made
  }

  async function revoke(token: Token): Promise<void> {
    await unwrap(api.DELETE('/api/v1/tokens/{token_id}', { params: { path: { token_id: token.id } } }))
    await reload()
  }

  return { tokens, problem, loading, create, revoke }
}
