import { api, unwrap } from '@/api/client'
import { useLoad } from '@/kit/useLoad'

/** What people who are not signed in can do here by themselves. */
export function useSignInOptions() {
  return useLoad({
    load: (signal) => unwrap(api.GET('/api/v1/auth/options', { signal }), { quiet401: true }),
  })
}

/** "@lab.org, @example.org": whose addresses can be registered; empty for all. */
export function domainsInWords(domains: string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(domains.map((domain) => `@${domain}`))
}
