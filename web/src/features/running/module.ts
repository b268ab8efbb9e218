import { useSession } from '@/features/identity/composables/useSession'
import type { FeatureModule } from '@/kit/feature'

const running: FeatureModule = {
  routes: [
    {
      path: '/running',
      name: 'running',
      component: () => import('./RunningView.vue'),
      meta: { title: 'Running' },
    },
    {
      path: '/running/usage',
      name: 'usage',
      component: () => import('./UsageView.vue'),
      meta: { title: 'Usage' },
    },
    {
      path: '/running/tiers',
      name: 'tiers',
      component: () => import('./TiersView.vue'),
      meta: { title: 'Tiers' },
    },
    {
      path: '/running/isolation',
      name: 'isolation',
      component: () => import('./IsolationView.vue'),
      meta: { title: 'Isolation' },
    },
  ],
  menu: [{ label: 'Running', icon: 'i-lucide-activity', to: '/running', shownTo: 'admins' }],
  commands: (router) =>
    useSession().user?.role === 'admin'
      ? [
          {
            id: 'running',
            label: 'Go to',
            commands: [
              {
                id: 'running',
                label: 'Running',
                suffix: 'everything that runs, workloads, stop, message',
                icon: 'i-lucide-activity',
                run: () => void router.push('/running'),
              },
              {
                id: 'usage',
                label: 'Usage',
                suffix: 'who used what, capacity, plots, export',
                icon: 'i-lucide-chart-column',
                run: () => void router.push('/running/usage'),
              },
              {
                id: 'tiers',
                label: 'Tiers',
                suffix: 'limits of environments',
                icon: 'i-lucide-layers',
                run: () => void router.push('/running/tiers'),
              },
              {
                id: 'isolation',
                label: 'Isolation',
                suffix: 'levels, which code may run',
                icon: 'i-lucide-shield',
                run: () => void router.push('/running/isolation'),
              },
            ],
          },
        ]
      : [],
}

export default running
