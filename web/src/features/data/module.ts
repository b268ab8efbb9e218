import type { FeatureModule } from '@/kit/feature'

const data: FeatureModule = {
  routes: [
    {
      path: '/requests',
      name: 'requests',
      component: () => import('./RequestsView.vue'),
      meta: { title: 'Requests' },
    },
  ],
  commands: (router) => [
    {
      id: 'requests',
      label: 'Go to',
      commands: [
        {
          id: 'requests',
          label: 'Requests',
          suffix: 'people and apps that ask for something',
          icon: 'i-lucide-inbox',
          run: () => void router.push('/requests'),
        },
      ],
    },
  ],
}

export default data
