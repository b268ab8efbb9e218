import { useSession } from '@/features/identity/composables/useSession'
import type { FeatureModule } from '@/kit/feature'

const quotas: FeatureModule = {
  routes: [
    {
      path: '/running/quotas',
      name: 'quotas',
      component: () => import('./QuotasView.vue'),
      meta: { title: 'Quotas' },
    },
  ],
  commands: (router) =>
    useSession().user?.role === 'admin'
      ? [
          {
            id: 'quotas',
            label: 'Go to',
            commands: [
              {
                id: 'quotas',
                label: 'Quotas',
                suffix: 'limits of people and groups: apps, environments, disk, databases',
                icon: 'i-lucide-gauge',
                run: () => void router.push('/running/quotas'),
              },
            ],
          },
        ]
      : [],
}

export default quotas
