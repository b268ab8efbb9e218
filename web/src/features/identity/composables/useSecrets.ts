import { api, unwrap } from '@/api/client'
import type { PersonalSecret, PersonalSecretValue } from '@/api/types'
import { useLoad } from '@/kit/useLoad'
import { readAll } from './paging'

export const MOST_BYTES = 64 * 1024

/** The secrets of the person signed in: what there is, never a value. */
export function useSecrets() {
  const {
    data: secrets,
    problem,
    reload,
  } = useLoad({
    load: () =>
      readAll<PersonalSecret>((query) => unwrap(api.GET('/api/v1/account/secrets', { params: { query } }))),
  })

  /** Keep a secret; one that `isNew` replaces none of the same name. */
  async function set(name: string, body: PersonalSecretValue, isNew: boolean): Promise<void> {
    const header = isNew ? { 'if-none-match': '*' } : {}
    await unwrap(api.PUT('/api/v1/account/secrets/{name}', { params: { path: { name }, header }, body }))
    await reload()
  }

  async function remove(secret: PersonalSecret): Promise<void> {
    await unwrap(api.DELETE('/api/v1/account/secrets/{name}', { params: { path: { name: secret.name } } }))
    await reload()
  }

  return { secrets, problem, set, remove }
}

/** A file as the hub takes it. */
export async function asBase64(file: File): Promise<string> {
  const data = new Uint8Array(await file.arrayBuffer())
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''))
}
