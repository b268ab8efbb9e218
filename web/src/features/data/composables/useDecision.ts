import { ref } from 'vue'
import { api, unwrap } from '@/api/client'
import type { AppRef, DataReader } from '@/api/types'
import { useNotify } from '@/kit/useNotify'
import { afterAllowing, afterRefusing, namedCollections } from './sharing'
import { useRequests } from './useRequests'

export type Verb = 'allow' | 'refuse' | 'take-back'

/** Decide what one app may read of another; `busy` names what was asked for and not yet answered. */
export function useDecision(source: () => Pick<AppRef, 'slug' | 'name'>, changed: () => Promise<unknown>) {
  const notify = useNotify()
  const requests = useRequests()
  const busy = ref<Verb | null>(null)

  async function run(verb: Verb, action: () => Promise<unknown>, done: string): Promise<boolean> {
    busy.value = verb
    const isDone = await notify.attempt(async () => {
      await action()
      await requests.refresh()
      await changed()
    }, done)
    busy.value = null
    return isDone
  }

  const put = (reader: DataReader, collections: string[]) =>
    unwrap(
      api.PUT('/api/v1/apps/{slug}/data/readers/{reader}', {
        params: { path: { slug: source().slug, reader: reader.app.slug } },
        body: { collections },
      }),
    )

  const allow = (reader: DataReader, chosen: string[]) =>
    run(
      'allow',
      () => put(reader, afterAllowing(reader, chosen)),
      `${reader.app.name} may read ${namedCollections(chosen)} of ${source().name}`,
    )

  const refuse = (reader: DataReader) =>
    run('refuse', () => put(reader, afterRefusing(reader)), `Refused ${reader.app.name}`)

  const takeBack = (reader: DataReader) =>
    run(
      'take-back',
      () =>
        unwrap(
          api.DELETE('/api/v1/apps/{slug}/data/readers/{reader}', {
            params: { path: { slug: source().slug, reader: reader.app.slug } },
          }),
        ),
      `${reader.app.name} can no longer read ${source().name}`,
    )

  return { busy, allow, refuse, takeBack }
}
