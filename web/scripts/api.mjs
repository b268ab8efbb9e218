// Writes src/api/schema.d.ts from the hub's OpenAPI document: npm run api [-- path/to/openapi.json] [--check]
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const args = process.argv.slice(2)
const check = args.includes('--check')
const source = resolve(args.find((arg) => !arg.startsWith('--')) ?? '../build/openapi.json')
const target = new URL('../src/api/schema.d.ts', import.meta.url)

const header = '// Generated from the OpenAPI document of the hub by `npm run api`. Do not edit.\n\n'
const text = header + astToString(await openapiTS(pathToFileURL(source), { alphabetize: true }))

if (check) {
  if ((await readFile(target, 'utf8')) !== text) {
    console.error('src/api/schema.d.ts is stale: run `npm run api` in web/ and commit the result.')
    process.exit(1)
  }
  console.log('src/api/schema.d.ts is up to date.')
} else {
  await writeFile(target, text)
  console.log(`src/api/schema.d.ts written from ${args[0] ?? '../build/openapi.json'}`)
}
