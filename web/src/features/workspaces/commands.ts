import type { Router } from 'vue-router'
import { api, unwrap } from '@/api/client'
import type { CommandGroup } from '@/kit/feature'

/** Every workspace of one's own, for the command palette. */
export async function workspaceCommands(router: Router): Promise<CommandGroup[]> {
  const go = (path: string) => () => void router.push(path)
  const all = {
    id: 'workspaces',
    label: 'Workspaces',
    suffix: 'files, upload, download, snapshots',
    icon: 'i-lucide-folder-open',
    run: go('/workspaces'),
  }
  const make = {
    id: 'workspaces.new',
    label: 'New workspace',
    icon: 'i-lucide-folder-plus',
    run: go('/workspaces?new'),
  }
  const own = await unwrap(api.GET('/api/v1/workspaces', { params: { query: { limit: 50 } } }), {
    quiet401: true,
  }).catch(() => ({ items: [] }))
  return [
    {
      id: 'workspaces',
      label: 'Workspaces',
      commands: [
        all,
        make,
        ...own.items.map(({ id, name }) => ({
          id: `workspaces.${id}`,
          label: `Files in ${name}`,
          icon: 'i-lucide-folder',
          run: go(`/workspaces/${id}`),
        })),
      ],
    },
  ]
}
