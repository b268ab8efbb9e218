interface Look {
  label: string
  color: 'warning' | 'error' | 'info' | 'neutral'
  icon: string
}

const LOOKS: Record<string, Look> = {
  public: { label: 'public', color: 'warning', icon: 'i-lucide-globe' },
  many: { label: 'many people', color: 'info', icon: 'i-lucide-users' },
  'no-owner': { label: 'no owner', color: 'error', icon: 'i-lucide-user-round-x' },
  'owner-deactivated': { label: 'owner gone', color: 'error', icon: 'i-lucide-user-round-x' },
}

/** How to show what the hub finds worth a look about a thing. */
export function flagLook(flag: string): Look {
  return LOOKS[flag] ?? { label: flag.replaceAll('-', ' '), color: 'neutral', icon: 'i-lucide-flag' }
}
