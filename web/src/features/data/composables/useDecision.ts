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

  /** Carry a decision out and tell of it by what `action` returns. */
  async function run(verb: Verb, action: () => Promise<string>): Promise<boolean> {
    busy.value = verb
    const isDone = await notify.attempt(async () => {
      const done = await action()
      await requests.refresh()
      await changed()
      notify.done(done)
    })
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
    run('allow', async () => {
      const { granted } = await put(reader, afterAllowing(reader, chosen))
      return `${reader.app.name} may read ${namedCollections(granted)} of ${source().name}`
    })

  const refuse = (reader: DataReader) =>
    run('refuse', async () => {
      await put(reader, afterRefusing(reader))
      return `Refused ${reader.app.name}`
    })

  const takeBack = (reader: DataReader) =>
    run('take-back', async () => {
      const path = { slug: source().slug, reader: reader.app.slug }
      await unwrap(api.DELETE('/api/v1/apps/{slug}/data/readers/{reader}', { params: { path } }))
      return `${reader.app.name} can no longer read ${source().name}`
    })

  return { busy, allow, refuse, takeBack }
}
