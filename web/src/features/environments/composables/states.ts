import type { Environment, EnvironmentDetail } from '@/api/types'

type Action = 'open' | 'view' | 'edit' | 'share' | 'delete'

/** What the person may do with an environment, as the hub's `actions` tell it. */
export function may(environment: Environment, action: Action): boolean {
  return environment.actions.includes(`environment.${action}`)
}

/** Whether it is on its way to run: its page shows the progress. */
export function isStarting({ state }: Environment): boolean {
  return state === 'pending' || state === 'starting'
}

/** Whether there is something that answers at its address; one that sleeps wakes by being opened. */
export function isUp({ state }: Environment): boolean {
  return state === 'running' || state === 'sleeping'
}

export function canStart(environment: Environment): boolean {
  return may(environment, 'edit') && ['stopped', 'failed', 'sleeping'].includes(environment.state)
}

export function canStop(environment: Environment): boolean {
  return may(environment, 'edit') && (isStarting(environment) || isUp(environment))
}

export function canRestart(environment: Environment): boolean {
  return may(environment, 'edit') && isUp(environment)
}

/** Where "Open" leads: to the thing itself, or by way of its page, which goes on once it runs. */
export function openLink(environment: Environment): { href: string; isOutside: boolean } {
  return isUp(environment)
    ? { href: environment.url, isOutside: true }
    : { href: `/environments/${environment.slug}?open`, isOutside: false }
}

/** Where a terminal of it is, if its template says so. */
export function terminalLink({ url, spec }: EnvironmentDetail): string | null {
  return spec.terminal_path ? new URL(spec.terminal_path, url).href : null
}

export interface Step {
  id: 'queued' | 'building' | 'starting' | 'ready'
  label: string
  look: 'done' | 'active' | 'failed' | 'ahead'
}

const STEPS: Omit<Step, 'look'>[] = [
  { id: 'building', label: 'Building' },
  { id: 'queued', label: 'Queued' },
  { id: 'starting', label: 'Starting' },
  { id: 'ready', label: 'Ready' },
]

/** How far a start is, or how far one came that failed. */
export function stepsOf(environment: Environment): Step[] {
  const at = STEPS.findIndex((step) => step.id === (environment.progress?.step ?? 'building'))
  const here = environment.state === 'failed' ? 'failed' : isStarting(environment) ? 'active' : 'ahead'
  return STEPS.map((step, index) => {
    if (isUp(environment) || index < at) return { ...step, look: 'done' }
    return { ...step, look: index === at ? here : 'ahead' }
  })
}

/** What a start is doing at the moment, in a sentence. */
export function progressText({ progress, reason }: Environment): string {
  const position = progress?.step === 'queued' ? progress.position : null
  if (position === 1) return 'It is next: it starts as soon as there is room.'
  if (position) return `Number ${position} in the queue: it starts as soon as there is room.`
  if (!reason) return 'On its way…'
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}…`
}

/** What to do about a start that failed, by its reason in the hub's words. */
export function advice(reason: string, detail: { hasExtraPackages: boolean }): string {
  const said = reason.toLowerCase()
  if (/memory|killed|oom/.test(said))
    return 'It wanted more memory than it may have. Give it more under Settings, then try again.'
  if (/no solution|requirement|resolve|not found in|no matching|package|lock/.test(said))
    return detail.hasExtraPackages
      ? 'Look at the packages you added: a name or a version of them cannot be had, or they do not suit each other. Start one like it with other packages.'
      : 'The packages of this template cannot be installed. Tell an administrator; trying again helps if a package index was away.'
  if (/answer|health|ready|time/.test(said))
    return 'It did not answer in time. The last lines of its log say what it was doing. Try again, or give it more cores.'
  if (/disk|space|quota/.test(said))
    return 'There is no room left. Remove files from your workspace, then try again.'
  return 'The last lines of the log say more. Trying again keeps all settings.'
}
