import { api, unwrap } from '@/api/client'
import type { SubjectInfo } from '@/api/types'

type Kind = SubjectInfo['kind']
export type FoundKind = 'user' | 'group' | 'app'

export const SUBJECT_ICONS: Record<Kind, string> = {
  user: 'i-lucide-user-round',
  group: 'i-lucide-users',
  app: 'i-lucide-box',
  'signed-in': 'i-lucide-user-check',
  anyone: 'i-lucide-globe',
}

/** The id behind `user:…` or `group:…`. */
export function subjectId({ subject }: Pick<SubjectInfo, 'subject'>): string {
  return subject.slice(subject.indexOf(':') + 1)
}

/** The page of a group; people have one for admins only. */
export function subjectPage(subject: SubjectInfo, isAdmin: boolean): string | null {
  if (subject.kind === 'group') return `/groups/${subjectId(subject)}`
  return subject.kind === 'user' && isAdmin ? `/access/people/${subjectId(subject)}` : null
}

/** People, groups and apps whose name, or address, begins like this; ten at most. */
export async function findSubjects(
  words: string,
  kinds: FoundKind[],
  signal: AbortSignal,
): Promise<SubjectInfo[]> {
  if (!words.trim()) return []
  const query = { q: words.trim(), kinds: kinds.join(',') }
  return (await unwrap(api.GET('/api/v1/subjects', { params: { query }, signal }))).items
}
