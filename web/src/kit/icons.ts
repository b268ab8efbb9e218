import { setCustomIconsLoader } from '@iconify/vue'
import type { IconifyJSON } from '@iconify/vue'

/** Serve icons that are not compiled in (an app's own choice) from our own bundle, never from an icon service. */
export function keepIconsLocal(): void {
  setCustomIconsLoader(async (names) => {
    const { icons: set } = (await import('@iconify-json/lucide')) as { icons: IconifyJSON }
    const find = (name: string) => set.icons[name] ?? set.icons[set.aliases?.[name]?.parent ?? '']
    const found = names.flatMap((name) => (find(name) ? [[name, find(name)]] : []))
    return { prefix: 'lucide', width: set.width, height: set.height, icons: Object.fromEntries(found) }
  }, 'lucide')
}

/** How an app's `icon` is to be drawn: a lucide name, an emoji, or (null) its kind's own icon. */
export function readIcon(icon: string | null | undefined): { name?: string; emoji?: string } | null {
  const text = icon?.trim()
  if (!text) return null
  if (/^\p{Extended_Pictographic}/u.test(text) || /^\p{Regional_Indicator}{2}$/u.test(text))
    return { emoji: text }
  const lucide = /^(?:i-)?(?:lucide[-:])?([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(text)
  return lucide ? { name: `i-lucide-${lucide[1]}` } : null
}
