import type { Router } from 'vue-router'
import type { App } from '@/api/types'
import type { Command, CommandGroup } from '@/kit/feature'
import { reportFailure } from '@/shell/errors'
import { canRestart, canStart, canStop, KIND_ICONS, may } from './composables/states'
import { useApps } from './composables/useApps'
import { useUpload } from './composables/useUpload'

/** Every app, and everything that can be done with it, for the command palette. */
export function appCommands(router: Router): CommandGroup[] {
  const store = useApps()
  const go = (path: string) => () => void router.push(path)
  const control = (app: App, verb: 'start' | 'stop' | 'restart') => () =>
    reportFailure(store.control(app.slug, verb))
  const actions = (app: App): Command[] => [
    ...(may(app, 'open')
      ? [
          {
            id: `${app.slug}.open`,
            label: `Open ${app.name}`,
            icon: 'i-lucide-external-link',
            run: () => void window.open(app.url, '_blank', 'noopener'),
          },
        ]
      : []),
    {
      id: `${app.slug}.logs`,
      label: `Logs of ${app.name}`,
      icon: 'i-lucide-scroll-text',
      run: go(`/apps/${app.slug}/logs`),
    },
    {
      id: `${app.slug}.releases`,
      label: `Deploy or compare releases of ${app.name}`,
      icon: 'i-lucide-rocket',
      run: go(`/apps/${app.slug}/releases`),
    },
    ...(may(app, 'edit')
      ? [
          {
            id: `${app.slug}.data`,
            label: `Open data of ${app.name}`,
            icon: 'i-lucide-database',
            run: go(`/apps/${app.slug}/data`),
          },
          {
            id: `${app.slug}.settings`,
            label: `Settings of ${app.name}`,
            icon: 'i-lucide-settings-2',
            run: go(`/apps/${app.slug}/settings`),
          },
        ]
      : []),
    ...(may(app, 'share')
      ? [
          {
            id: `${app.slug}.share`,
            label: `Share ${app.name}`,
            suffix: 'access, who can, why',
            icon: 'i-lucide-share-2',
            run: go(`/apps/${app.slug}?share`),
          },
          {
            id: `${app.slug}.public-paths`,
            label: `Public paths of ${app.name}`,
            icon: 'i-lucide-globe',
            run: go(`/apps/${app.slug}/settings#public-paths`),
          },
        ]
      : []),
    ...(canStart(app)
      ? [
          {
            id: `${app.slug}.start`,
            label: `Start ${app.name}`,
            icon: 'i-lucide-play',
            run: control(app, 'start'),
          },
        ]
      : []),
    ...(canStop(app)
      ? [
          {
            id: `${app.slug}.stop`,
            label: `Stop ${app.name}`,
            icon: 'i-lucide-square',
            run: control(app, 'stop'),
          },
        ]
      : []),
    ...(canRestart(app)
      ? [
          {
            id: `${app.slug}.restart`,
            label: `Restart ${app.name}`,
            icon: 'i-lucide-rotate-cw',
            run: control(app, 'restart'),
          },
        ]
      : []),
  ]
  return [
    {
      id: 'apps',
      label: 'Apps',
      commands: store.all.map((app) => ({
        id: app.slug,
        label: app.name,
        suffix: app.slug,
        icon: KIND_ICONS[app.kind] ?? 'i-lucide-box',
        run: go(`/apps/${app.slug}`),
      })),
    },
    {
      id: 'pages',
      label: 'Go to',
      commands: [
        { id: 'all', label: 'All apps', icon: 'i-lucide-layout-grid', run: go('/') },
        { id: 'upload', label: 'Upload app', icon: 'i-lucide-upload', run: () => useUpload().open() },
      ],
    },
    { id: 'actions', label: 'Actions', commands: store.all.flatMap(actions) },
  ]
}
