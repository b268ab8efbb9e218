import { ref } from 'vue'
import { api, unwrap } from '@/api/client'
import type { ApiProblem } from '@/api/problem'
import { ApiProblem as Problem } from '@/api/problem'
import { useLoad } from '@/kit/useLoad'

/** The OpenID providers by which people can sign in, and how to leave for one. */
export function useProviders(onProblem: (problem: ApiProblem | undefined) => void) {
  const { data: providers } = useLoad({
    load: async (signal) =>
      (await unwrap(api.GET('/api/v1/auth/providers', { signal }), { quiet401: true })).items,
  })
  /** Where the browser is about to go. */
  const leaving = ref<string | null>(null)

  async function leave(provider: string, next: string): Promise<void> {
    leaving.value = provider
    onProblem(undefined)
    try {
      window.location.assign(await beginSignIn(provider, next))
    } catch (thrown) {
      onProblem(Problem.from(thrown))
      leaving.value = null
    }
  }

  return { providers, leaving, leave }
}

/** Return where the browser is to go to sign in by a provider. */
export async function beginSignIn(provider: string, next: string): Promise<string> {
  const params = { path: { provider_id: provider } }
  const begun = api.POST('/api/v1/auth/providers/{provider_id}/begin', { params, body: { next } })
  return (await unwrap(begun, { quiet401: true })).url
}
