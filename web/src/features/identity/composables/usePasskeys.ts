import { api, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { Passkey } from '@/api/types'
import { useLoad } from '@/kit/useLoad'

type Options = Record<string, unknown>

/** Whether this browser has passkeys for this page: not where it is neither https nor localhost. */
export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential
}

/** Let the person's device make a passkey. */
export function makePasskey(options: Options): Promise<Options> {
  const json = options as unknown as PublicKeyCredentialCreationOptionsJSON
  return answered(() =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json) }),
  )
}

/** Let one of the person's passkeys answer. */
export function askPasskey(options: Options): Promise<Options> {
  const json = options as unknown as PublicKeyCredentialRequestOptionsJSON
  return answered(() =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) }),
  )
}

async function answered(ask: () => Promise<Credential | null>): Promise<Options> {
  const credential = await ask().catch((thrown: unknown) => {
    const isKnown = thrown instanceof DOMException && thrown.name === 'InvalidStateError'
    throw new ApiProblem(
      isKnown
        ? { title: 'Passkey known', detail: 'This device holds one of your passkeys already.' }
        : { title: 'No passkey answered', detail: 'It was cancelled, or took too long. Try it again.' },
      0,
    )
  })
  return (credential as PublicKeyCredential).toJSON() as Options
}

/** The passkeys of the person signed in. */
export function usePasskeys() {
  const {
    data: passkeys,
    problem,
    reload,
  } = useLoad({
    load: async (signal) => (await unwrap(api.GET('/api/v1/account/passkeys', { signal }))).items,
  })

  async function add(name: string, code: string): Promise<void> {
    const { options } = await unwrap(api.POST('/api/v1/account/passkeys/begin', { body: { code } }))
    const credential = await makePasskey(options)
    await unwrap(api.POST('/api/v1/account/passkeys', { body: { name, credential } }))
    await reload()
  }

  async function rename(passkey: Passkey, name: string): Promise<void> {
    const params = { path: { passkey_id: passkey.id } }
    await unwrap(api.PATCH('/api/v1/account/passkeys/{passkey_id}', { params, body: { name } }))
    await reload()
  }

  async function remove(passkey: Passkey, code: string): Promise<void> {
    const params = { path: { passkey_id: passkey.id } }
    await unwrap(api.POST('/api/v1/account/passkeys/{passkey_id}/remove', { params, body: { code } }))
    await reload()
  }

  return { passkeys, problem, add, rename, remove }
}
