import { h } from 'vue'
import type { FunctionalComponent } from 'vue'
import { findIcon } from './icons'

/** What Nuxt UI imports of `@iconify/vue`, which could also ask icon services and is ten times as large. */
interface IconProps {
  /** As in `lucide:house` or `lucide-house`. */
  icon: string
  width?: string | number
  height?: string | number
}

const bare = (name: string) => name.replace(/^lucide[:-]/, '')

/** An icon; as large before its drawing has come as afterwards. */
export const Icon: FunctionalComponent<IconProps> = ({ icon, width = '1em', height = '1em' }) => {
  const found = findIcon(bare(icon))
  return h('svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    'aria-hidden': true,
    role: 'img',
    width,
    height,
    viewBox: `0 0 ${found?.width ?? 24} ${found?.height ?? 24}`,
    innerHTML: found?.body,
  })
}
Icon.props = ['icon', 'width', 'height', 'mode', 'customise', 'ssr']

/** Whether an icon can be drawn at once. */
export const iconLoaded = (name: string): boolean => findIcon(bare(name)) !== undefined
