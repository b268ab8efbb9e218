import type { Router } from 'vue-router'
import type { CommandGroup } from '@/kit/feature'
import { useSession } from './composables/useSession'

/** What people do with their own account and, as admins, with others'. */
export function identityCommands(router: Router): CommandGroup[] {
  return [
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
          id: 'secrets',
          label: 'Secrets',
          suffix: 'environment variables files of your environments',
          icon: 'i-lucide-vault',
          run: () => void router.push('/account#secrets'),
        },
        {
          id: 'password',
          label: 'Change password',
          icon: 'i-lucide-lock',
          run: () => void router.push('/account#password'),
        },
        {
          id: 'ways-in',
          label: 'Ways to sign in',
          suffix: 'link unlink provider',
          icon: 'i-lucide-link',
          run: () => void router.push('/account#ways-in'),
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
  ]
}
