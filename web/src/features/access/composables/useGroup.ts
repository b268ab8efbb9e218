import type { Ref } from 'vue'
import { api, unwrap } from '@/api/client'
import type { Group, Membership, SubjectInfo } from '@/api/types'
import { usePages } from '@/features/identity/composables/usePages'
import { useLoad } from '@/kit/useLoad'

/** One group with its members, and how to change it. */
export function useGroup(id: Ref<string>) {
  const path = () => ({ group_id: id.value })
  const group = useLoad({
    on: id,
    load: (signal) => unwrap(api.GET('/api/v1/groups/{group_id}', { params: { path: path() }, signal })),
  })
  const reached = useLoad({
    on: id,
    load: async (signal) =>
      (await unwrap(api.GET('/api/v1/groups/{group_id}/grants', { params: { path: path() }, signal }))).items,
  })
  const members = usePages<Membership & { id: string }>({
    on: id,
    page: async (cursor, signal) => {
      const params = { path: path(), query: { limit: 100, ...(cursor && { cursor }) } }
      const page = await unwrap(api.GET('/api/v1/groups/{group_id}/members', { params, signal }))
      return { ...page, items: page.items.map((one) => ({ ...one, id: one.member.subject })) }
    },
  })
  const of = ({ subject }: SubjectInfo) => ({ path: { ...path(), subject } })
  const url = '/api/v1/groups/{group_id}/members/{subject}'

  async function put(member: SubjectInfo, isManager: boolean): Promise<void> {
    await unwrap(api.PUT(url, { params: of(member), body: { is_manager: isManager } }))
    await Promise.all([members.reload(), group.reload()])
  }

  async function take(member: SubjectInfo): Promise<void> {
    await unwrap(api.DELETE(url, { params: of(member) }))
    await Promise.all([members.reload(), group.reload()])
  }

  async function change(changed: { name?: string; description?: string }): Promise<void> {
    group.data.value = await unwrap(
      api.PATCH('/api/v1/groups/{group_id}', { params: { path: path() }, body: changed }),
    )
  }

  async function remove(confirm: string): Promise<void> {
    await unwrap(api.DELETE('/api/v1/groups/{group_id}', { params: { path: path(), query: { confirm } } }))
  }

  return {
    group: group.data,
    problem: group.problem,
    loading: group.loading,
    reload: group.reload,
    members,
    reached,
    put,
    take,
    change,
    remove,
  }
}

export function mayGroup(group: Group | undefined, action: 'edit' | 'delete'): boolean {
  return group?.permissions.includes(`group.${action}`) ?? false
}

/** "from Google"; empty for groups that are kept here. */
export function providerName(origin: string): string {
  return origin.startsWith('oidc:') ? origin.slice('oidc:'.length) : ''
}
