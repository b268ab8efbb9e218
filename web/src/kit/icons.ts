import { addCollection, setCustomIconsLoader } from '@iconify/vue'
import type { IconifyJSON } from '@iconify/vue'
import shellIcons from 'virtual:shell-icons'

/**
 * Serve icons from our own bundle, never from an icon service: those of the shell are there at once, those of the
 * features come in a chunk, any other (an app's own choice) with the whole set.
 */
export function keepIconsLocal(): void {
  addCollection(shellIcons)
  const ours = import('virtual:feature-icons').then(({ default: set }) => set)
  setCustomIconsLoader(async (names) => {
    const set = await ours
    return names.every((name) => name in set.icons) ? set : await fromWholeSet(names)
  }, 'lucide')
}

async function fromWholeSet(wanted: string[]): Promise<IconifyJSON> {
  const { icons: set } = (await import('@iconify-json/lucide')) as { icons: IconifyJSON }
  const find = (name: string) => set.icons[name] ?? set.icons[set.aliases?.[name]?.parent ?? '']
  const found = wanted.flatMap((name) => (find(name) ? [[name, find(name)]] : []))
  return { prefix: 'lucide', width: set.width, height: set.height, icons: Object.fromEntries(found) }
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
