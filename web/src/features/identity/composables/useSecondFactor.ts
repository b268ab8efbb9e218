import { api, unwrap } from '@/api/client'
import type { FactorOffer } from '@/api/types'
import { useLoad } from '@/kit/useLoad'

/** The second factor of the person signed in. */
export function useSecondFactor() {
  const {
    data: factor,
    problem,
    reload,
  } = useLoad({ load: (signal) => unwrap(api.GET('/api/v1/account/second-factor', { signal })) })

  function begin(proof: { current_password?: string; code?: string }): Promise<FactorOffer> {
    return unwrap(api.POST('/api/v1/account/second-factor', { body: proof }))
  }

  async function confirm(code: string): Promise<string[]> {
    const done = await unwrap(api.POST('/api/v1/account/second-factor/confirm', { body: { code } }))
    await reload()
    return done.recovery_codes
  }

  async function renewCodes(code: string): Promise<string[]> {
    const done = await unwrap(api.POST('/api/v1/account/second-factor/recovery-codes', { body: { code } }))
    await reload()
    return done.recovery_codes
  }

  async function turnOff(code: string): Promise<void> {
    await unwrap(api.POST('/api/v1/account/second-factor/turn-off', { body: { code } }))
    await reload()
  }

  return { factor, problem, reload, begin, confirm, renewCodes, turnOff }
}
