import { useSession } from '@/features/identity/composables/useSession'
import type { FeatureModule } from '@/kit/feature'

const audit: FeatureModule = {
  routes: [
    { path: '/audit', name: 'audit', component: () => import('./AuditView.vue'), meta: { title: 'Audit' } },
  ],
  commands: (router) =>
    useSession().user?.role === 'admin'
      ? [
          {
            id: 'audit',
            label: 'Go to',
            commands: [
              {
                id: 'audit',
                label: 'Audit',
                suffix: 'who did what, record, log, verify, export',
                icon: 'i-lucide-scroll-text',
                run: () => void router.push('/audit'),
              },
            ],
          },
        ]
      : [],
}

export default audit
