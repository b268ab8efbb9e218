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
}

export default oidc
