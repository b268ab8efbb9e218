// Runs scenarios against one MongoDB, for tests/drivers/test_node.py.
//
// usage: node run.mjs URI DATABASE [OPTIONS]; a scenario's name per line on stdin, its result as one line of extended
// JSON on stdout. OPTIONS are those of the client, as JSON. `--list` instead of the arguments prints the names.

import { createInterface } from 'node:readline'
import { BSON, MongoClient } from 'mongodb'
import { attempt } from './attempt.mjs'
import bulk from './scenarios/bulk.mjs'
import crud from './scenarios/crud.mjs'
import cursors from './scenarios/cursors.mjs'
import definitions from './scenarios/definitions.mjs'
import files from './scenarios/files.mjs'
import pipelines from './scenarios/pipelines.mjs'
import sessions from './scenarios/sessions.mjs'
import streams from './scenarios/streams.mjs'
import types from './scenarios/types.mjs'

const scenarios = {
  ...crud,
  ...bulk,
  ...pipelines,
  ...definitions,
  ...cursors,
  ...sessions,
  ...streams,
  ...files,
  ...types,
}

async function run(uri, name, options) {
  const client = new MongoClient(uri, { appName: 'sweep', ...options })
  const db = client.db(name)
  for await (const line of createInterface({ input: process.stdin })) {
    const world = { client, db, name, items: db.collection('items') }
    const result = await attempt(scenarios[line](world)).catch((error) => ({ crashed: error.stack }))
    process.stdout.write(`${BSON.EJSON.stringify(result ?? null, { relaxed: false })}\n`)
  }
  await client.close()
}

if (process.argv[2] === '--list') {
  process.stdout.write(`${Object.keys(scenarios).join('\n')}\n`)
} else {
  await run(process.argv[2], process.argv[3], JSON.parse(process.argv[4] ?? '{}'))
}
