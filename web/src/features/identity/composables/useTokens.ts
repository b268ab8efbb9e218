import { api, unwrap } from '@/api/client'
import type { NewToken, Token } from '@/api/types'
import { useLoad } from '@/kit/useLoad'

/** The API tokens of the person signed in. */
export function useTokens() {
  const { data: tokens, problem, loading, reload } = useLoad({ load: all })

  async function all(): Promise<Token[]> {
    const items: Token[] = []
    let cursor: string | null | undefined
    do {
      const query = { limit: 100, ...(cursor && { cursor }) }
      const page = await unwrap(api.GET('/api/v1/tokens', { params: { query } }))
      items.push(...page.items)
      cursor = page.next_cursor
    } while (cursor)
    return items
  }

  async function create(name: string): Promise<NewToken> {
    const made = await unwrap(api.POST('/api/v1/tokens', { body: { name } }))
    await reload()
    return made
  }

  async function revoke(token: Token): Promise<void> {
    await unwrap(api.DELETE('/api/v1/tokens/{token_id}', { params: { path: { token_id: token.id } } }))
    await reload()
  }

  return { tokens, problem, loading, create, revoke }
}
