import type { Router } from 'vue-router'
import { useSession } from '@/features/identity/composables/useSession'
import type { Command, CommandGroup } from '@/kit/feature'

/** The screens about who may do what. */
export function accessCommands(router: Router): CommandGroup[] {
  const go = (id: string, label: string, suffix: string, icon: string): Command => ({
    id,
    label,
    suffix,
    icon,
    run: () => void router.push(`/${id}`),
  })
  const commands = [
    go('groups', 'Groups', 'people together, members, managers', 'i-lucide-users'),
    go('roles', 'Roles', 'permissions, what each may do', 'i-lucide-id-card'),
    go('account#requests', 'My requests', 'access I asked for', 'i-lucide-hand'),
  ]
  if (useSession().user?.role === 'admin')
    commands.push(go('access', 'Access review', 'who reaches what, public, ends soon', 'i-lucide-scan-eye'))
  return [{ id: 'access', label: 'Go to', commands }]
}
