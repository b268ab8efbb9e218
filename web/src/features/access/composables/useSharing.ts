import { computed } from 'vue'
import type { Ref } from 'vue'
import { api, unwrap } from '@/api/client'
import type { NewGrant, Openness, SubjectInfo } from '@/api/types'
import { useLoad } from '@/kit/useLoad'

/** Who has which rights on one thing, and how to change it. */
export function useSharing(kind: Ref<string>, name: Ref<string>) {
  const path = () => ({ kind: kind.value, name: name.value })
  const { data, problem, loading, reload } = useLoad({
    on: [kind, name],
    load: (signal) => unwrap(api.GET('/api/v1/access/{kind}/{name}', { params: { path: path() }, signal })),
  })
  const of = (subject: SubjectInfo) => ({ path: { ...path(), subject: subject.subject } })

  async function give(subject: SubjectInfo, body: NewGrant): Promise<void> {
    const url = '/api/v1/access/{kind}/{name}/grants/{subject}'
    await unwrap(api.PUT(url, { params: of(subject), body }))
    await reload()
  }

  async function takeAway(subject: SubjectInfo): Promise<void> {
    await unwrap(api.DELETE('/api/v1/access/{kind}/{name}/grants/{subject}', { params: of(subject) }))
    await reload()
  }

  async function open(openness: Openness): Promise<void> {
    const url = '/api/v1/access/{kind}/{name}/openness'
    await unwrap(api.PUT(url, { params: { path: path() }, body: { openness } }))
    await reload()
  }

  /** Give the thing to somebody else; whoever no longer may share it then sees nothing of this any more. */
  async function handOver(userId: string, keepRole: 'editor' | 'viewer' | null): Promise<void> {
    const body = { user_id: userId, keep_role: keepRole }
    await unwrap(api.POST('/api/v1/access/{kind}/{name}/hand-over', { params: { path: path() }, body }))
    await reload()
  }

  const roles = computed(() => data.value?.roles ?? [])
  return { sharing: data, roles, problem, loading, reload, give, takeAway, open, handOver }
}

export type SharingOf = ReturnType<typeof useSharing>
