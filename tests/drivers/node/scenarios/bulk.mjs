// Many writes at a time.

import { attempt, counts, plainResult } from '../attempt.mjs'

const all = (db, name = 'items') => db.collection(name).find().sort({ _id: 1 }).toArray()

function clientOperations(name) {
  const [a, b] = [`${name}.a`, `${name}.b`]
  return [
    { name: 'insertOne', namespace: a, document: { _id: 1, n: 1 } },
    { name: 'insertOne', namespace: b, document: { _id: 2, n: 2 } },
    { name: 'updateOne', namespace: a, filter: { _id: 1 }, update: { $inc: { n: 5 } } },
    { name: 'updateOne', namespace: b, filter: { _id: 3 }, update: { $set: { n: 3 } }, upsert: true },
    { name: 'replaceOne', namespace: b, filter: { _id: 2 }, replacement: { r: 1 } },
    { name: 'updateMany', namespace: b, filter: {}, update: { $set: { m: 1 } } },
    { name: 'deleteOne', namespace: b, filter: { _id: 3 } },
    { name: 'deleteMany', namespace: a, filter: { _id: { $gt: 100 } } },
  ]
}

export default {
  async bulk_write_every_kind({ db, items }) {
    await items.insertMany([0, 1, 2, 3, 4].map((n) => ({ _id: n, n })))
    const done = await items.bulkWrite([
      { insertOne: { document: { _id: 10 } } },
      { updateOne: { filter: { _id: 1 }, update: { $set: { u: 1 } } } },
      { updateMany: { filter: { n: { $gte: 2 } }, update: { $inc: { n: 1 } } } },
      { replaceOne: { filter: { _id: 0 }, replacement: { r: 1 } } },
      { updateOne: { filter: { _id: 20 }, update: { $set: { n: 1 } }, upsert: true } },
      { deleteOne: { filter: { _id: 4 } } },
      { deleteMany: { filter: { n: 4 } } },
    ])
    return [counts(done), await all(db)]
  },

  async bulk_write_errors({ db, items }) {
    const operations = [1, 1, 2, 2, 3].map((_id) => ({ insertOne: { document: { _id } } }))
    const ordered = await attempt(items.bulkWrite(operations))
    const unordered = await attempt(items.bulkWrite(operations, { ordered: false }))
    return [ordered, unordered, await all(db)]
  },

  async bulk_write_by_builder({ db, items }) {
    const bulk = items.initializeOrderedBulkOp()
    bulk.insert({ _id: 1, n: 1 })
    bulk.find({ _id: 1 }).updateOne({ $inc: { n: 1 } })
    bulk
      .find({ _id: 2 })
      .upsert()
      .updateOne({ $set: { n: 2 } })
    bulk.find({ n: 2 }).update({ $set: { seen: true } })
    bulk.find({ _id: 2 }).deleteOne()
    return [counts(await bulk.execute()), await all(db)]
  },

  async bulk_write_with_options({ db, items }) {
    await items.insertMany(['ann', 'ANN'].map((name, _id) => ({ _id, name, a: [1, 2] })))
    await items.createIndex({ name: 1 })
    const done = await attempt(
      items.bulkWrite([
        {
          updateOne: {
            filter: { name: 'ann' },
            update: { $set: { 'a.$[x]': 9 } },
            arrayFilters: [{ x: 2 }],
            hint: 'name_1',
          },
        },
        {
          updateMany: { filter: { name: 'ann' }, update: { $set: { c: 1 } }, collation: { locale: 'en', strength: 2 } },
        },
      ]),
    )
    return [done.error ? done : counts(done), await all(db)]
  },

  async bulk_write_in_several_messages({ items }) {
    const operations = Array.from({ length: 150 }, (_, _id) => ({ insertOne: { document: { _id } } }))
    const done = await items.bulkWrite(operations, { ordered: false })
    return [done.insertedCount, await items.countDocuments()]
  },

  async bulk_write_of_nothing({ items }) {
    return [await attempt(items.bulkWrite([]))]
  },

  async client_bulk_write({ client, db, name }) {
    const done = await attempt(client.bulkWrite(clientOperations(name)))
    return [plainResult(done), await all(db, 'a'), await all(db, 'b')]
  },

  async client_bulk_write_verbose({ client, name }) {
    return plainResult(await client.bulkWrite(clientOperations(name), { verboseResults: true }))
  },

  async client_bulk_write_errors({ client, db, name }) {
    const operations = [1, 1, 2, 2].map((_id) => ({ name: 'insertOne', namespace: `${name}.items`, document: { _id } }))
    return [
      await attempt(client.bulkWrite(operations)),
      await attempt(client.bulkWrite(operations, { ordered: false, verboseResults: true })),
      await all(db),
    ]
  },

  async client_bulk_write_in_several_messages({ client, db, name }) {
    const operations = Array.from({ length: 240 }, (_, n) => ({
      name: 'insertOne',
      namespace: `${name}.c${n % 3}`,
      document: { _id: n },
    }))
    const done = await client.bulkWrite(operations, { ordered: false, verboseResults: true })
    return [done.insertedCount, done.insertResults.size, await db.collection('c1').countDocuments()]
  },
}
