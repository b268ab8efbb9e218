import type { FeatureModule } from '@/kit/feature'
import { useSession } from './composables/useSession'

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
  menu: [{ label: 'People', icon: 'i-lucide-users', to: '/people', forAdmins: true }],
  commands: (router) => [
    {
      id: 'account',
      label: 'Account',
      commands: [
        {
          id: 'profile',
          label: 'Account',
          icon: 'i-lucide-user-round',
          run: () => void router.push('/account'),
        },
        {
          id: 'tokens',
          label: 'API tokens',
          icon: 'i-lucide-key-round',
          run: () => void router.push('/account#tokens'),
        },
        {
          id: 'password',
          label: 'Change password',
          icon: 'i-lucide-lock',
          run: () => void router.push('/account#password'),
        },
        {
          id: 'second-factor',
          label: 'Second factor',
          suffix: 'authenticator app recovery codes',
          icon: 'i-lucide-shield-check',
          run: () => void router.push('/account#second-factor'),
        },
        {
          id: 'device',
          label: 'Sign a device in',
          suffix: 'hothouse login code',
          icon: 'i-lucide-terminal',
          run: () => void router.push('/device'),
        },
        ...(useSession().impersonation
          ? [
              {
                id: 'stop-viewing',
                label: 'Stop viewing as somebody else',
                icon: 'i-lucide-undo-2',
                run: () => useSession().stopViewing(),
              },
            ]
          : []),
        {
          id: 'sessions',
          label: 'Sessions',
          suffix: 'where you are signed in',
          icon: 'i-lucide-monitor-smartphone',
          run: () => void router.push('/account#sessions'),
        },
        ...(useSession().user?.role === 'admin'
          ? [
              {
                id: 'people',
                label: 'People',
                suffix: 'accounts invite',
                icon: 'i-lucide-users',
                run: () => void router.push('/people'),
              },
            ]
          : []),
        { id: 'sign-out', label: 'Sign out', icon: 'i-lucide-log-out', run: () => useSession().signOut() },
      ],
    },
  ],
}

export default identity
