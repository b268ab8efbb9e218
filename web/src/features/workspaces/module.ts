import type { FeatureModule } from '@/kit/feature'
import { workspaceCommands } from './commands'

const workspaces: FeatureModule = {
  routes: [
    {
      path: '/workspaces',
      name: 'workspaces',
      component: () => import('./WorkspacesView.vue'),
      meta: { title: 'Workspaces' },
    },
    {
      path: '/workspaces/:id',
      name: 'workspace',
      component: () => import('./WorkspaceView.vue'),
      props: (route) => ({
        id: String(route.params.id),
        path: typeof route.query.path === 'string' ? route.query.path : '',
      }),
      meta: { title: 'Workspace' },
    },
  ],
  menu: [{ label: 'Workspaces', icon: 'i-lucide-folder-open', to: '/workspaces', place: 3 }],
  commands: workspaceCommands,
}

export default workspaces
