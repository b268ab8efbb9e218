import { refDebounced } from '@vueuse/core'
import { api, unwrap } from '@/api/client'
import type { Account, ResetLink } from '@/api/types'
import { useQueryParams } from '@/kit/useQueryParam'
import { SHOWN } from './people'
import type { Role } from './people'
import { usePages } from './usePages'

const PAGE = 100
const SETTLE_MS = 200

/** Everybody's accounts, for admins: searched by the hub, read page by page. */
export function usePeople() {
  const { parameter } = useQueryParams()
  const q = parameter<string>('q', '')
  const shown = parameter<string>('show', 'all')
  const words = refDebounced(q, SETTLE_MS)

  const list = usePages<Account>({
    on: [words, shown],
    page: (cursor, signal) => {
      const query = {
        limit: PAGE,
        ...SHOWN.find((one) => one.value === shown.value)?.query,
        ...(words.value.trim() && { q: words.value.trim() }),
        ...(cursor && { cursor }),
      }
      return unwrap(api.GET('/api/v1/users', { params: { query }, signal }))
    },
  })

  async function setRole(person: Account, role: Role): Promise<void> {
    const path = { user_id: person.id }
    list.put(
      person.id,
      await unwrap(api.PATCH('/api/v1/users/{user_id}', { params: { path }, body: { role } })),
    )
  }

  async function setActive(person: Account, isActive: boolean): Promise<void> {
    const params = { path: { user_id: person.id } }
    const changed = isActive
      ? api.POST('/api/v1/users/{user_id}/reactivate', { params })
      : api.POST('/api/v1/users/{user_id}/deactivate', { params })
    list.put(person.id, await unwrap(changed))
  }

  async function resetLink(person: Account): Promise<ResetLink> {
    const path = { user_id: person.id }
    return await unwrap(api.POST('/api/v1/users/{user_id}/reset-link', { params: { path } }))
  }

  async function resetFactor(person: Account): Promise<void> {
    const path = { user_id: person.id }
    await unwrap(api.DELETE('/api/v1/users/{user_id}/second-factor', { params: { path } }))
    list.put(person.id, { ...person, has_second_factor: false })
  }

  return { ...list, q, shown, setRole, setActive, resetLink, resetFactor }
}
