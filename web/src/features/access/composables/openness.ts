import type { Openness } from '@/api/types'

interface Choice {
  value: Openness
  label: string
  description: string
  icon: string
}

/** How open a thing can be, and what that means. */
export const OPENNESS: [Choice, ...Choice[]] = [
  {
    value: 'private',
    label: 'Private',
    description: 'Only its owner, administrators, and whom you share it with.',
    icon: 'i-lucide-lock',
  },
  {
    value: 'signed-in',
    label: 'Everyone signed in',
    description: 'Everybody with an account here can open it, also those who come later.',
    icon: 'i-lucide-user-check',
  },
  {
    value: 'public',
    label: 'Public',
    description: 'Whoever reaches its address can open it, without an account.',
    icon: 'i-lucide-globe',
  },
]

export function opennessOf(value: string): Choice {
  return OPENNESS.find((one) => one.value === value) ?? OPENNESS[0]
}
