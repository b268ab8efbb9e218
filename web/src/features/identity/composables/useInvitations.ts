import { computed, reactive } from 'vue'
import { api, unwrap } from '@/api/client'
import type { Invitation, InvitationMade, NewInvitation } from '@/api/types'
import { useLoad } from '@/kit/useLoad'

const LONGEST_LIFE_MS = 31 * 24 * 3600 * 1000

/** Invitations that wait to be accepted. */
export function useInvitations() {
  const { data, problem, reload } = useLoad({ load: waiting })

  async function invite(body: NewInvitation): Promise<InvitationMade> {
    const made = await unwrap(api.POST('/api/v1/invitations', { body }))
    void reload()
    return made
  }

  async function revoke(invitation: Invitation): Promise<void> {
    const path = { invitation_id: invitation.id }
    await unwrap(api.DELETE('/api/v1/invitations/{invitation_id}', { params: { path } }))
    await reload()
  }

  return reactive({ items: computed(() => data.value ?? []), problem, reload, invite, revoke })
}

/** The hub lists all that ever were, the newest first: none that is older than the longest life still waits. */
async function waiting(): Promise<Invitation[]> {
  const found: Invitation[] = []
  let cursor: string | null | undefined
  do {
    const query = { limit: 100, ...(cursor && { cursor }) }
    const { items, next_cursor } = await unwrap(api.GET('/api/v1/invitations', { params: { query } }))
    found.push(...items.filter((one) => one.state === 'open'))
    const oldest = items.at(-1)
    cursor = oldest && Date.now() - Date.parse(oldest.created_at) < LONGEST_LIFE_MS ? next_cursor : null
  } while (cursor)
  return found
}
