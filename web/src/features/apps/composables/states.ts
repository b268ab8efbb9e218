import type { App, AppState, DeploymentState } from '@/api/types'

type Color = 'success' | 'info' | 'neutral' | 'warning' | 'error'

interface Look {
  label: string
  color: Color
  icon: string
  /** Something is going on: the icon turns. */
  busy?: boolean
}

export const APP_STATES: Record<AppState, Look> = {
  pending: { label: 'pending', color: 'info', icon: 'i-lucide-loader-circle', busy: true },
  starting: { label: 'starting', color: 'info', icon: 'i-lucide-loader-circle', busy: true },
  running: { label: 'running', color: 'success', icon: 'i-lucide-circle-check' },
  sleeping: { label: 'sleeping', color: 'neutral', icon: 'i-lucide-moon' },
  stopping: { label: 'stopping', color: 'neutral', icon: 'i-lucide-loader-circle', busy: true },
  stopped: { label: 'stopped', color: 'neutral', icon: 'i-lucide-circle-stop' },
  failed: { label: 'failed', color: 'error', icon: 'i-lucide-circle-x' },
}

export const DEPLOYMENT_STATES: Record<DeploymentState, Look> = {
  queued: { label: 'queued', color: 'info', icon: 'i-lucide-loader-circle', busy: true },
  building: { label: 'building', color: 'info', icon: 'i-lucide-loader-circle', busy: true },
  starting: { label: 'starting', color: 'info', icon: 'i-lucide-loader-circle', busy: true },
  serving: { label: 'serving', color: 'success', icon: 'i-lucide-circle-check' },
  failed: { label: 'failed', color: 'error', icon: 'i-lucide-circle-x' },
  superseded: { label: 'superseded', color: 'neutral', icon: 'i-lucide-circle-slash' },
}

export const KIND_ICONS: Record<string, string> = {
  experiment: 'i-lucide-flask-conical',
  streamlit: 'i-lucide-chart-line',
  gradio: 'i-lucide-sliders-horizontal',
  dash: 'i-lucide-chart-pie',
  panel: 'i-lucide-gauge',
  marimo: 'i-lucide-notebook-pen',
  voila: 'i-lucide-notebook-text',
  asgi: 'i-lucide-zap',
  wsgi: 'i-lucide-server',
  static: 'i-lucide-file-code',
  command: 'i-lucide-terminal',
}

export const KINDS = Object.keys(KIND_ICONS)

export const ACCESS_MODES: { value: App['access']; label: string; description: string; icon: string }[] = [
  {
    value: 'private',
    label: 'Private',
    description: 'Whom it is shared with, and administrators',
    icon: 'i-lucide-lock',
  },
  {
    value: 'signed-in',
    label: 'Signed in',
    description: 'Everyone with an account here',
    icon: 'i-lucide-user-check',
  },
  {
    value: 'public',
    label: 'Public',
    description: 'Everyone who can reach the address',
    icon: 'i-lucide-globe',
  },
]

export function accessLabel(access: string): string {
  return ACCESS_MODES.find((mode) => mode.value === access)?.label ?? access
}

/** What the person may do with an app, as the hub's `permissions` tell it. */
export function may(app: App, action: 'open' | 'edit' | 'share' | 'delete'): boolean {
  return app.permissions.includes(`app.${action}`)
}

export function canStart(app: App): boolean {
  return may(app, 'edit') && app.release !== null && ['stopped', 'failed', 'sleeping'].includes(app.state)
}

export function canStop(app: App): boolean {
  return may(app, 'edit') && !['stopped', 'stopping'].includes(app.state)
}

export function canRestart(app: App): boolean {
  return may(app, 'edit') && app.release !== null && ['running', 'failed'].includes(app.state)
}

export function isUnderWay(state: DeploymentState): boolean {
  return state === 'queued' || state === 'building' || state === 'starting'
}
