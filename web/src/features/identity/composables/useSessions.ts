import { api, unwrap } from '@/api/client'
import type { SignedInSession } from '@/api/types'
import { useLoad } from '@/kit/useLoad'
import { readAll } from './paging'

/** Where the person is signed in. */
export function useSessions() {
  const {
    data: sessions,
    problem,
    reload,
  } = useLoad({
    load: () =>
      readAll<SignedInSession>((query) => unwrap(api.GET('/api/v1/account/sessions', { params: { query } }))),
  })

  async function end(session: SignedInSession): Promise<void> {
    const path = { session_id: session.id }
    await unwrap(api.DELETE('/api/v1/account/sessions/{session_id}', { params: { path } }))
    await reload()
  }

  async function endOthers(): Promise<void> {
    await unwrap(api.DELETE('/api/v1/account/sessions'))
    await reload()
  }

  return { sessions, problem, reload, end, endOthers }
}
