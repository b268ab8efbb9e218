import type { IconifyIcon, IconifyJSON } from '@iconify/vue'
import { shallowReactive } from 'vue'
import shellIcons from 'virtual:shell-icons'

/** What is known of icons, by their lucide names; null are those that there are not. */
const icons = shallowReactive(new Map<string, IconifyIcon | null>())
const asked = new Set<string>()
put(shellIcons)

/**
 * An icon of our own bundle, never of an icon service; undefined until it is there. Those of the shell are at once, those
 * of the features come in a chunk, any other (an app's own choice) with the whole set.
 */
export function findIcon(name: string): IconifyIcon | undefined {
  const found = icons.get(name)
  if (found === undefined && !asked.has(name)) {
    asked.add(name)
    load(name).catch(() => asked.delete(name))
  }
  return found ?? undefined
}

async function load(name: string): Promise<void> {
  put((await import('virtual:feature-icons')).default)
  if (icons.has(name)) return
  const { icons: set } = (await import('@iconify-json/lucide')) as { icons: IconifyJSON }
  const found = set.icons[name] ?? set.icons[set.aliases?.[name]?.parent ?? '']
  if (found) put({ ...set, icons: { [name]: found } })
  else icons.set(name, null)
}

function put({ icons: some, width, height }: IconifyJSON): void {
  for (const [name, icon] of Object.entries(some))
    if (!icons.has(name)) icons.set(name, { width, height, ...icon })
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
