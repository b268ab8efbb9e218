// Says what a first visit loads before any route's own code, gzipped; above the budget it lists the files and fails.
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

const said = (bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} kB`
const sizes = new Map()
for (const file of files) sizes.set(file, gzipSync(await readFile(new URL(file, out)), { level: 9 }).length)
const total = [...sizes.values()].reduce((sum, size) => sum + size)
const isOver = total > BUDGET_KB * 1000
if (isOver || process.argv.includes('--list'))
  for (const [file, size] of sizes) console.log(`${said(size)}  ${file}`)
console.log(`${said(total)}  what a first visit loads, of ${BUDGET_KB} kB (gzip)`)
if (isOver) {
  console.error('The shell is over its budget: load the new part lazily from a route or on demand.')
  process.exit(1)
}
