import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { IconifyJSON } from '@iconify/vue'
import type { Plugin } from 'vite'

const SOURCES = fileURLToPath(new URL('../src', import.meta.url))
/** Where Nuxt UI names the icons of its own parts. */
const PARTS = fileURLToPath(new URL('../node_modules/@nuxt/ui/dist/shared', import.meta.url))
const SET = fileURLToPath(new URL('../node_modules/@iconify-json/lucide/icons.json', import.meta.url))

/** What every screen shows before anything of a feature is loaded: only its icons are in the shell. */
const SHELL = ['shell/*.{vue,ts}', 'kit/**/*.{vue,ts}', 'features/*/module.ts'].map(
  (one) => `${SOURCES}/${one}`,
)
const ALL = [`${SOURCES}/**/*.{vue,ts}`, `${PARTS}/*.mjs`]

/** The icons that are named in the shell's sources, and, in a chunk that it does not wait for, all others. */
export function featureIcons(): Plugin {
  const modules = new Map([
    ['virtual:shell-icons', SHELL],
    ['virtual:feature-icons', ALL],
  ])
  return {
    name: 'hothouse:feature-icons',
    resolveId: (id) => (modules.has(id) ? `\0${id}` : undefined),
    load: (id) => {
      const files = modules.get(id.slice(1))
      return files && `export default ${JSON.stringify(collect(files))}`
    },
  }
}

function collect(files: string[]): IconifyJSON {
  const set = JSON.parse(readFileSync(SET, 'utf8')) as IconifyJSON
  const named = new Set<string>()
  for (const file of globSync(files))
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/i-lucide-([a-z0-9-]+)/g))
      named.add(name ?? '')
  const icons: IconifyJSON['icons'] = {}
  for (const name of [...named].toSorted()) {
    const icon = set.icons[name] ?? set.icons[set.aliases?.[name]?.parent ?? '']
    if (icon) icons[name] = icon
  }
  return { prefix: set.prefix, width: set.width, height: set.height, icons }
}
