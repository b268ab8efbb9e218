// Cursors.

import { Long } from 'mongodb'
import { attempt } from '../attempt.mjs'

const fill = (items, count) => items.insertMany(Array.from({ length: count }, (_, _id) => ({ _id })))

export default {
  async cursor_in_batches({ items }) {
    await fill(items, 60)
    const found = []
    for (const batchSize of [1, 7, 1000]) {
      let sum = 0
      for await (const row of items.find({}, { batchSize })) sum += row._id
      found.push(sum)
    }
    return found
  },

  async cursor_steps({ items }) {
    await fill(items, 30)
    const cursor = items.find({}, { batchSize: 4 }).sort({ _id: 1 })
    const seen = [await cursor.next(), await cursor.hasNext(), await cursor.tryNext(), cursor.bufferedCount()]
    cursor.rewind()
    seen.push(await cursor.next(), (await cursor.toArray()).length, cursor.closed)
    return seen
  },

  async cursor_closed_early({ db, items }) {
    await fill(items, 100)
    const cursor = items.find({}, { batchSize: 5 })
    await cursor.next()
    const id = cursor.id
    await cursor.close()
    const gone = await attempt(db.command({ getMore: id, collection: 'items' }))
    return [cursor.closed, gone.code, gone.codeName]
  },

  async cursor_by_hand({ db, items }) {
    await fill(items, 20)
    const first = await db.command({ find: 'items', sort: { _id: 1 }, batchSize: 3 })
    const id = Long.isLong(first.cursor.id) ? first.cursor.id : Long.fromNumber(first.cursor.id)
    const second = await db.command({ getMore: id, collection: 'items', batchSize: 2 })
    const killed = await db.command({ killCursors: 'items', cursors: [id] })
    return [first.cursor.firstBatch, second.cursor.nextBatch, killed.cursorsKilled.length]
  },

  async cursor_as_stream({ items }) {
    await fill(items, 250)
    let count = 0
    for await (const _row of items.find({}, { batchSize: 20 }).stream()) count += 1
    return [
      count,
      (
        await items
          .find()
          .map((row) => row._id * 2)
          .limit(3)
          .toArray()
      ).length,
    ]
  },

  async cursor_tailable({ db }) {
    const log = await db.createCollection('log', { capped: true, size: 100_000 })
    await log.insertMany([{ _id: 0 }, { _id: 1 }])
    const cursor = log.find({}, { tailable: true, awaitData: true, maxAwaitTimeMS: 200 })
    const seen = [await cursor.next(), await cursor.next()]
    await log.insertOne({ _id: 2 })
    seen.push(await cursor.next())
    await cursor.close()
    return seen
  },

  async cursor_of_a_command({ db, items }) {
    await fill(items, 50)
    const cursor = await db.runCursorCommand({
      find: 'items',
      filter: { _id: { $lt: 30 } },
      sort: { _id: 1 },
      batchSize: 8,
    })
    return (await cursor.toArray()).map((row) => row._id)
  },

  async many_at_once({ items }) {
    await fill(items, 100)
    const found = await Promise.all(Array.from({ length: 60 }, (_, _id) => items.findOne({ _id })))
    return found.map((row) => row._id)
  },
}
