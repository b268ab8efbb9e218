// Prints what a first visit loads before any route's own code, gzipped, and fails above the budget.
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

const BUDGET_KB = 130
const out = new URL('../../src/hothouse/hub/ui/', import.meta.url)
const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', out), 'utf8'))

const files = new Set(['index.html'])
const collect = (key) => {
  const chunk = manifest[key]
  if (files.has(chunk.file)) return
  files.add(chunk.file)
  for (const css of chunk.css ?? []) files.add(css)
  for (const imported of chunk.imports ?? []) collect(imported)
}
// The page itself, and the frame around every screen.
collect('index.html')
collect('src/shell/AppShell.vue')

let total = 0
for (const file of files) {
  const size = gzipSync(await readFile(new URL(file, out)), { level: 9 }).length
  total += size
  console.log(`${(size / 1000).toFixed(1).padStart(8)} kB  ${file}`)
}
console.log(`${(total / 1000).toFixed(1).padStart(8)} kB  shell in all, of ${BUDGET_KB} kB (gzip)`)
if (total > BUDGET_KB * 1000) {
  console.error('The shell is over its budget: load the new part lazily from a route or on demand.')
  process.exit(1)
}
