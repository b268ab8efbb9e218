// Writes one document after the other until its input ends, for tests/api/broker/test_recovery.py.
//
// usage: node write.mjs URI WRITER; for each write that was acknowledged its number on a line, for others the error.

import { MongoClient } from 'mongodb'

const [uri, writer] = process.argv.slice(2)
const client = new MongoClient(uri)
const items = client.db().collection('items')
const tallies = client.db().collection('tallies')
let isWanted = true
process.stdin.on('end', () => (isWanted = false)).resume()

for (let number = 1; isWanted; number += 1) {
  try {
    await items.insertOne({ writer, number })
    await tallies.updateOne({ _id: writer }, { $push: { done: number } }, { upsert: true })
    process.stdout.write(`${number}\n`)
  } catch (error) {
    process.stdout.write(`${error.message.replaceAll('\n', ' ')}\n`)
  }
}
await client.close()
