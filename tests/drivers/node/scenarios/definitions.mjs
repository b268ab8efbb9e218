// Collections, views, validators and indexes.

import { attempt } from '../attempt.mjs'

const names = async (db) => (await db.listCollections({}, { nameOnly: true }).toArray()).map((each) => each.name).sort()

export default {
  async collections({ db }) {
    await db.createCollection('one')
    await db.createCollection('two', { capped: true, size: 100_000, max: 3 })
    return [
      await attempt(db.command({ create: 'one' })),
      (await db.listCollections().toArray()).sort((a, b) => a.name.localeCompare(b.name)),
      await db.listCollections({ name: 'two' }).toArray(),
      await db.collection('two').options(),
      await db.dropCollection('one'),
      await attempt(db.command({ drop: 'one' })),
      await names(db),
    ]
  },

  async databases({ client, db, name, items }) {
    await items.insertOne({ _id: 1 })
    const listed = await client.db('admin').admin().listDatabases({ filter: { name } })
    const dropped = await db.dropDatabase()
    return [listed.databases.map((each) => [each.name, Object.keys(each).sort()]), dropped, await names(db)]
  },

  async rename({ db, items }) {
    await items.insertOne({ _id: 1 })
    await db.createCollection('taken')
    return [
      await attempt(items.rename('taken')),
      (await items.rename('other')).collectionName,
      (await db.renameCollection('other', 'taken', { dropTarget: true })).collectionName,
      await attempt(db.renameCollection('missing', 'x')),
      await names(db),
    ]
  },

  async validators({ db, items }) {
    const validator = { $jsonSchema: { required: ['name'], properties: { age: { bsonType: 'int', minimum: 0 } } } }
    await db.createCollection('items', { validator })
    return [
      await attempt(items.insertOne({ _id: 1, name: 'Ada', age: 3 })),
      await attempt(items.insertOne({ _id: 2, age: -3 })),
      await attempt(items.insertMany([{ _id: 3, name: 'b' }, { _id: 4 }])),
      await attempt(items.updateOne({ _id: 1 }, { $set: { age: -1 } })),
      await attempt(items.insertOne({ _id: 6 }, { bypassDocumentValidation: true })),
      await attempt(db.command({ collMod: 'items', validationAction: 'warn' })),
      await attempt(items.insertOne({ _id: 7 })),
    ]
  },

  async views({ db, items }) {
    await items.insertMany([1, 2, 3, 4].map((_id) => ({ _id, n: _id })))
    await db.createCollection('v', { viewOn: 'items', pipeline: [{ $match: { n: { $gt: 2 } } }] })
    const view = db.collection('v')
    return [
      await view.find().sort({ _id: 1 }).toArray(),
      await view.countDocuments({ n: 4 }),
      await view.aggregate([{ $group: { _id: null, sum: { $sum: '$n' } } }]).toArray(),
      await attempt(view.insertOne({ _id: 9 })),
      await attempt(db.command({ collMod: 'v', viewOn: 'items', pipeline: [{ $match: { n: 1 } }] })),
      await view.find().toArray(),
    ]
  },

  async indexes({ db, items }) {
    const made = [
      await items.createIndex({ a: 1 }),
      await items.createIndex({ b: 1, c: -1 }, { name: 'own name', unique: true }),
      await items.createIndexes([
        { key: { at: 1 }, expireAfterSeconds: 3600 },
        { key: { s: 1 }, sparse: true, name: 's' },
      ]),
      await items.createIndex({ p: 1 }, { partialFilterExpression: { live: true }, unique: true }),
      await items.createIndex({ h: 1 }, { hidden: true }),
    ]
    const listed = (await items.listIndexes().toArray()).sort((a, b) => a.name.localeCompare(b.name))
    return [
      made,
      listed,
      await items.indexExists(['a_1', 's']),
      await items.dropIndex('a_1'),
      await attempt(items.dropIndex('a_1')),
      await attempt(items.createIndex({ x: 1 }, { name: 's' })),
      await attempt(db.collection('missing').listIndexes().toArray()),
      await items.dropIndexes(),
      await items.indexes(),
    ]
  },

  async unique_violations({ items }) {
    await items.createIndex({ a: 1, b: 1 }, { unique: true })
    await items.insertOne({ _id: 1, a: 1, b: 'x' })
    await items.insertOne({ _id: 2, a: 1, b: 'y' })
    return [
      await attempt(items.insertOne({ _id: 3, a: 1, b: 'x' })),
      await attempt(items.updateOne({ _id: 2 }, { $set: { b: 'x' } })),
      await attempt(items.findOneAndUpdate({ _id: 2 }, { $set: { b: 'x' } })),
      await attempt(items.updateOne({ _id: 4 }, { $set: { a: 1, b: 'x' } }, { upsert: true })),
    ]
  },

  async statistics({ db, items }) {
    await items.insertMany([{ _id: 1 }, { _id: 2 }])
    const stats = await db.stats()
    const collection = await db.command({ collStats: 'items' })
    return [
      stats.db,
      stats.collections,
      stats.objects,
      collection.ns,
      collection.count,
      (await db.command({ validate: 'items' })).valid,
    ]
  },

  async who_am_i({ client, db }) {
    const build = await db.admin().buildInfo()
    const hello = await db.command({ hello: 1 })
    const status = await client.db('admin').command({ connectionStatus: 1 })
    return [
      build.version,
      hello.isWritablePrimary,
      hello.maxWireVersion,
      hello.maxBsonObjectSize,
      status.authInfo.authenticatedUsers.length,
      (await db.admin().ping()).ok,
    ]
  },
}
