import { api, unwrap } from '@/api/client'
import { useLoad } from '@/kit/useLoad'

/** How the person can sign in: changes need the password, or a sign-in of a moment ago. */
export function useWaysIn() {
  const loaded = useLoad({ load: (signal) => unwrap(api.GET('/api/v1/account/identities', { signal })) })

  /** Go to a provider to link the account there. */
  async function link(provider: string, password: string | null): Promise<void> {
    const body = { provider, current_password: password }
    window.location.assign((await unwrap(api.POST('/api/v1/account/identities', { body }))).url)
  }

  async function unlink(identity: string, password: string | null): Promise<void> {
    const params = { path: { identity_id: identity } }
    const body = { current_password: password }
    await unwrap(api.POST('/api/v1/account/identities/{identity_id}/unlink', { params, body }))
    await loaded.reload()
  }

  async function removePassword(password: string | null): Promise<void> {
    await unwrap(api.POST('/api/v1/account/password/remove', { body: { current_password: password } }))
    await loaded.reload()
  }

  return { ...loaded, link, unlink, removePassword }
}

export type Ways = ReturnType<typeof useWaysIn>
