import type { FeatureModule } from '@/kit/feature'

const identity: FeatureModule = {
  routes: [
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('./SignInView.vue'),
      meta: { title: 'Sign in', open: true },
    },
    {
      path: '/set-up',
      name: 'set-up',
      component: () => import('./SetUpView.vue'),
      meta: { title: 'Set up', open: true },
    },
    {
      path: '/invitation',
      name: 'invitation',
      component: () => import('./InvitationView.vue'),
      meta: { title: 'Invitation', open: true },
    },
    {
      path: '/reset-password',
      name: 'reset-password',
      component: () => import('./ResetPasswordView.vue'),
      meta: { title: 'New password', open: true },
    },
    {
      path: '/register',
      name: 'register',
      component: () => import('./RegisterView.vue'),
      meta: { title: 'Register', open: true },
    },
    {
      path: '/forgot-password',
      name: 'forgot-password',
      component: () => import('./ForgotPasswordView.vue'),
      meta: { title: 'Forgot password', open: true },
    },
    {
      path: '/account',
      name: 'account',
      component: () => import('./AccountView.vue'),
      meta: { title: 'Account' },
    },
    {
      path: '/device',
      name: 'device',
      component: () => import('./DeviceView.vue'),
      meta: { title: 'Sign a device in' },
    },
    {
      path: '/people',
      name: 'people',
      component: () => import('./PeopleView.vue'),
      meta: { title: 'People' },
    },
  ],
  menu: [
    {
      label: 'People',
      icon: 'i-lucide-users',
      to: '/people',
      shownTo: 'admins',
      also: ['/groups', '/roles', '/access', '/audit'],
    },
  ],
  commands: async (router) => (await import('./commands')).identityCommands(router),
}

export default identity
