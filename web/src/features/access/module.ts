import type { FeatureModule } from '@/kit/feature'

const access: FeatureModule = {
  routes: [
    { path: '/groups', component: () => import('./GroupsView.vue'), meta: { title: 'Groups' } },
    {
      path: '/groups/:id',
      component: () => import('./GroupView.vue'),
      props: true,
      meta: { title: 'Group' },
    },
    { path: '/roles', component: () => import('./RolesView.vue'), meta: { title: 'Roles' } },
    { path: '/access', component: () => import('./ReviewView.vue'), meta: { title: 'Access review' } },
    {
      path: '/access/people/:id',
      component: () => import('./PersonReviewView.vue'),
      props: true,
      meta: { title: 'Access review' },
    },
    { path: '/ask-for-access', component: () => import('./AskView.vue'), meta: { title: 'Ask for access' } },
  ],
  menu: [{ label: 'Groups', icon: 'i-lucide-users', to: '/groups', shownTo: 'others', also: ['/roles'] }],
  commands: async (router) => (await import('./commands')).accessCommands(router),
}

export default access
