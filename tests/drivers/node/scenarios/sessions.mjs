// Sessions and transactions.

import { Long, UUID } from 'mongodb'
import { attempt } from '../attempt.mjs'

const all = (items) => items.find().sort({ _id: 1 }).toArray()

export default {
  async transaction_commits({ client, db, items }) {
    await db.createCollection('items')
    const found = await client.withSession((session) =>
      session.withTransaction(async () => {
        await items.insertOne({ _id: 1 }, { session })
        return [await items.countDocuments({}, { session }), await items.countDocuments()]
      }),
    )
    return [found, await all(items)]
  },

  async transaction_aborts({ client, items }) {
    await items.insertOne({ _id: 1 })
    const session = client.startSession()
    session.startTransaction()
    await items.deleteOne({ _id: 1 }, { session })
    const inside = await items.countDocuments({}, { session })
    await session.abortTransaction()
    await session.endSession()
    return [inside, await all(items)]
  },

  async transaction_error_inside({ client, items }) {
    await items.insertOne({ _id: 1 })
    const session = client.startSession()
    session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } })
    await items.insertOne({ _id: 2 }, { session })
    const duplicate = await attempt(items.insertOne({ _id: 1 }, { session }))
    const after = await attempt(items.insertOne({ _id: 3 }, { session }))
    const committed = await attempt(session.commitTransaction())
    await session.endSession()
    return [duplicate, after, committed, await all(items)]
  },

  async transaction_exception({ client, db, items }) {
    await db.createCollection('items')
    const failed = await client.withSession((session) =>
      session
        .withTransaction(async () => {
          await items.insertOne({ _id: 1 }, { session })
          throw new RangeError("the app's own")
        })
        .catch((error) => error.message),
    )
    return [failed, await all(items)]
  },

  async transaction_conflict_and_retry({ client, items }) {
    await items.insertOne({ _id: 1, n: 0 })
    const [first, second] = [client.startSession(), client.startSession()]
    first.startTransaction()
    await items.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: first })
    second.startTransaction()
    const refused = await attempt(items.updateOne({ _id: 1 }, { $inc: { n: 10 } }, { session: second }))
    await second.abortTransaction()
    await first.commitTransaction()
    await second.withTransaction(() => items.updateOne({ _id: 1 }, { $inc: { n: 10 } }, { session: second }))
    await first.endSession()
    await second.endSession()
    return [refused, await all(items)]
  },

  async transaction_with_cursor_and_bulk({ client, items }) {
    await items.insertMany(Array.from({ length: 40 }, (_, _id) => ({ _id, n: 0 })))
    const session = client.startSession()
    session.startTransaction()
    const writes = Array.from({ length: 10 }, (_, _id) => ({
      updateOne: { filter: { _id }, update: { $set: { n: 1 } } },
    }))
    await items.bulkWrite(writes, { session })
    const read = await items.find({ n: 1 }, { session, batchSize: 3 }).toArray()
    await session.commitTransaction()
    await session.endSession()
    return [read.length, await items.countDocuments({ n: 1 })]
  },

  async session_of_cause_and_effect({ client, items }) {
    return client.withSession({ causalConsistency: true }, async (session) => {
      await items.insertOne({ _id: 1 }, { session, writeConcern: { w: 'majority' } })
      const found = await items.findOne({ _id: 1 }, { session, readConcern: { level: 'majority' } })
      return [found, session.operationTime !== undefined, session.clusterTime !== undefined]
    })
  },

  async session_snapshot({ client, items }) {
    await items.insertOne({ _id: 1 })
    return client.withSession({ snapshot: true, causalConsistency: false }, async (session) => {
      const before = await attempt(items.find({}, { session }).toArray())
      await items.insertOne({ _id: 2 })
      return [before, await attempt(items.find({}, { session }).toArray())]
    })
  },

  async retried_write_is_done_once({ db, items }) {
    await items.insertOne({ _id: 1, n: 0 })
    const identity = { lsid: { id: new UUID() }, txnNumber: Long.fromNumber(1) }
    const update = { update: 'items', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }], ...identity }
    return [await attempt(db.command(update)), await attempt(db.command(update)), await all(items)]
  },
}
