import type { FeatureModule } from '@/kit/feature'

const oidc: FeatureModule = {
  routes: [
    {
      path: '/sign-in/:provider',
      name: 'sign-in-return',
      component: () => import('./ReturnView.vue'),
      meta: { title: 'Signing in', open: true },
    },
  ],
  commands: (router) => [
    {
      id: 'ways-in',
      label: 'Account',
      commands: [
        {
          id: 'ways-in',
          label: 'Ways to sign in',
          suffix: 'link unlink provider password',
          icon: 'i-lucide-link',
          run: () => void router.push('/account#ways-in'),
        },
      ],
    },
  ],
}

export default oidc
