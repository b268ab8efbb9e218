import type { RouteLocationNormalizedLoaded } from 'vue-router'
import type { ApiProblem } from '@/api/problem'

/** The single-use code of a link: behind `#`, which browsers send to nobody. Empty when it is missing. */
export function linkCode(route: Pick<RouteLocationNormalizedLoaded, 'hash'>): string {
  return route.hash.replace(/^#/, '')
}

/** Whether a refusal means that the link itself is of no use any more, rather than what was typed. */
export function isGone(problem: ApiProblem | undefined): boolean {
  return problem?.kind === 'link-not-valid'
}
