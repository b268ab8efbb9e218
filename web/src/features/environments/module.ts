import type { FeatureModule } from '@/kit/feature'

const environments: FeatureModule = {
  routes: [
    {
      path: '/environments',
      name: 'environments',
      component: () => import('./EnvironmentsView.vue'),
      meta: { title: 'Environments' },
    },
    {
      path: '/environments/new',
      name: 'environment-new',
      component: () => import('./EnvironmentsView.vue'),
      meta: { title: 'Start an environment' },
    },
    {
      path: '/environments/:slug',
      name: 'environment',
      component: () => import('./EnvironmentView.vue'),
      props: true,
      meta: { title: 'Environment' },
    },
    {
      path: '/templates',
      name: 'templates',
      component: () => import('./TemplatesView.vue'),
      meta: { title: 'Templates' },
    },
    {
      path: '/templates/new',
      component: () => import('./TemplateView.vue'),
      meta: { title: 'New template' },
    },
    {
      path: '/templates/:slug',
      name: 'template',
      component: () => import('./TemplateView.vue'),
      props: true,
      meta: { title: 'Template' },
    },
    {
      path: '/images',
      name: 'images',
      component: () => import('./ImagesView.vue'),
      meta: { title: 'Images' },
    },
  ],
  menu: [
    {
      label: 'Environments',
      icon: 'i-lucide-flask-conical',
      to: '/environments',
      place: 2,
      also: ['/templates', '/images'],
    },
  ],
  commands: async (router) => (await import('./commands')).environmentCommands(router),
}

export default environments
