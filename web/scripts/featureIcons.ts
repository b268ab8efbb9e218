import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { IconifyJSON } from '@iconify/vue'
import type { Plugin } from 'vite'

const ID = 'virtual:feature-icons'
const SOURCES = fileURLToPath(new URL('../src', import.meta.url))
const SET = fileURLToPath(new URL('../node_modules/@iconify-json/lucide/icons.json', import.meta.url))

/** What every screen shows before anything of a feature is loaded: only its icons are in the shell. */
export const SHELL_FILES = ['src/shell/*.{vue,ts}', 'src/kit/**/*.{vue,ts}', 'src/features/*/module.ts']

/** The icons that are named anywhere in the sources, as a chunk of its own that the shell does not wait for. */
export function featureIcons(): Plugin {
  return {
    name: 'hothouse:feature-icons',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export default ${JSON.stringify(collect())}` : undefined),
  }
}

function collect(): IconifyJSON {
  const set = JSON.parse(readFileSync(SET, 'utf8')) as IconifyJSON
  const named = new Set<string>()
  for (const file of globSync(`${SOURCES}/**/*.{vue,ts}`))
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/i-lucide-([a-z0-9-]+)/g))
      named.add(name ?? '')
  const icons: IconifyJSON['icons'] = {}
  for (const name of [...named].toSorted()) {
    const icon = set.icons[name] ?? set.icons[set.aliases?.[name]?.parent ?? '']
    if (icon) icons[name] = icon
  }
  return { prefix: set.prefix, width: set.width, height: set.height, icons }
}
