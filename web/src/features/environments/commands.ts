import type { Router } from 'vue-router'
import type { Environment } from '@/api/types'
import { useSession } from '@/features/identity/composables/useSession'
import type { Command, CommandGroup } from '@/kit/feature'
import { reportFailure } from '@/shell/errors'
import { canRestart, canStart, canStop, may, openLink } from './composables/states'
import { useEnvironments } from './composables/useEnvironments'
import type { Verb } from './composables/useEnvironments'

/** The person's environments, and everything that can be done with them, for the command palette. */
export async function environmentCommands(router: Router): Promise<CommandGroup[]> {
  const store = useEnvironments()
  if (!store.isLoaded) await store.refresh()
  const go = (path: string) => () => void router.push(path)
  const open = (one: Environment) => () => {
    const { href, isOutside } = openLink(one)
    if (isOutside) window.open(href, '_blank', 'noopener')
    else void router.push(href)
  }
  const control = (one: Environment, verb: Verb) => () => reportFailure(store.control(one.slug, verb))

  const actions = (one: Environment): Command[] => {
    const { slug, name } = one
    const found: [boolean, string, string, () => void | Promise<void>][] = [
      [may(one, 'open'), 'Open', 'i-lucide-external-link', open(one)],
      [canStart(one), 'Start', 'i-lucide-play', control(one, 'start')],
      [canStop(one), 'Stop', 'i-lucide-square', control(one, 'stop')],
      [canRestart(one), 'Restart', 'i-lucide-rotate-cw', control(one, 'restart')],
      [may(one, 'share'), 'Share', 'i-lucide-share-2', go(`/environments/${slug}?share`)],
      [may(one, 'edit'), 'Start one like', 'i-lucide-copy-plus', go(`/environments/new?like=${slug}`)],
    ]
    return found
      .filter(([isPossible]) => isPossible)
      .map(([, verb, icon, run]) => ({
        id: `${slug}.${verb}`,
        label: `${verb} ${name}`,
        suffix: 'environment',
        icon,
        run,
      }))
  }
  const isAdmin = useSession().user?.role === 'admin'
  return [
    {
      id: 'environments',
      label: 'Environments',
      commands: store.mine.map((one) => ({
        id: one.slug,
        label: one.name,
        suffix: `${one.template_name} environment`,
        icon: 'i-lucide-flask-conical',
        run: go(`/environments/${one.slug}`),
      })),
    },
    {
      id: 'environment-pages',
      label: 'Go to',
      commands: [
        {
          id: 'environments',
          label: 'Environments',
          suffix: 'start JupyterLab, notebooks, templates',
          icon: 'i-lucide-flask-conical',
          run: go('/environments'),
        },
        ...(isAdmin
          ? [
              { id: 'templates', label: 'Templates', icon: 'i-lucide-library', run: go('/templates') },
              {
                id: 'images',
                label: 'Images',
                suffix: 'containers, podman, Containerfile',
                icon: 'i-lucide-container',
                run: go('/images'),
              },
            ]
          : []),
      ],
    },
    { id: 'environment-actions', label: 'Actions on environments', commands: store.mine.flatMap(actions) },
  ]
}
