import type { FeatureModule } from '@/kit/feature'

const apps: FeatureModule = {
  routes: [
    { path: '/', name: 'apps', component: () => import('./AppsView.vue'), meta: { title: 'Apps' } },
    {
      path: '/apps/:slug',
      component: () => import('./AppView.vue'),
      props: true,
      children: [
        { path: '', name: 'app', component: () => import('./OverviewTab.vue') },
        { path: 'releases', name: 'app-releases', component: () => import('./ReleasesTab.vue') },
        { path: 'logs', name: 'app-logs', component: () => import('./LogsTab.vue') },
        { path: 'data', name: 'app-data', component: () => import('../data/DataTab.vue') },
        { path: 'settings', name: 'app-settings', component: () => import('./SettingsTab.vue') },
      ],
    },
  ],
  menu: [{ label: 'Apps', icon: 'i-lucide-layout-grid', to: '/', place: 1, also: ['/apps/'] }],
  commands: async (router) => (await import('./commands')).appCommands(router),
}

export default apps
