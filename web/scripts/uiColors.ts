import palettes from 'tailwindcss/colors'
import type { Plugin } from 'vite'

const SHEET = 'virtual:ui-colors.css'
const SHADES = [50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950] as const

/**
 * The colors that Nuxt UI's components call by name, as a style sheet of the build. Nuxt UI's own plugin would write the
 * same into the page's head as it starts, for which the first page had to load a library that manages heads.
 */
export function uiColors(colors: Record<string, string>): Plugin {
  return {
    name: 'hothouse:ui-colors',
    resolveId: (id) => (id === SHEET ? `\0${SHEET}` : undefined),
    load: (id) => (id === `\0${SHEET}` ? sheet(colors) : undefined),
  }
}

function sheet(colors: Record<string, string>): string {
  const all = Object.entries(colors)
  const shades = all.flatMap(([name, palette]) =>
    SHADES.map((shade) => `--ui-color-${name}-${shade}: ${valueOf(palette, shade)};`),
  )
  const picked = (shade: number) =>
    all.flatMap(([name]) => (name === 'neutral' ? [] : `--ui-${name}: var(--ui-color-${name}-${shade});`))
  return `@layer theme {
    :root, :host { ${shades.join(' ')} }
    :root, :host, .light { ${picked(500).join(' ')} }
    .dark { ${picked(400).join(' ')} }
  }`
}

/** A shade of one of Tailwind's palettes, or of one that our own styles define. */
function valueOf(palette: string, shade: (typeof SHADES)[number]): string {
  const known = (palettes as unknown as Record<string, Record<number, string> | undefined>)[palette]
  return known?.[shade] ?? `var(--color-${palette}-${shade})`
}
