// Finding and changing single documents.

import { attempt } from '../attempt.mjs'

const numbers = (count) => Array.from({ length: count }, (_, n) => ({ _id: n, n }))
const all = (items) => items.find().sort({ _id: 1 }).toArray()

export default {
  async insert_one({ items }) {
    const given = await items.insertOne({ _id: 'a', n: 1 }, { comment: 'by a test' })
    const made = await items.insertOne({ n: 2 })
    return [given, made, await items.countDocuments()]
  },

  async insert_many_ordered({ items }) {
    const documents = [1, 2, 2, 3, 1].map((_id) => ({ _id }))
    return [await attempt(items.insertMany(documents)), await all(items)]
  },

  async insert_many_unordered({ items }) {
    const documents = [1, 2, 2, 3, 1].map((_id) => ({ _id }))
    return [await attempt(items.insertMany(documents, { ordered: false })), await all(items)]
  },

  async insert_many_in_several_messages({ items }) {
    const done = await items.insertMany(numbers(210))
    return [done.insertedCount, await items.countDocuments({ n: { $gte: 0 } })]
  },

  async find_by_filters({ items }) {
    await items.insertMany(
      numbers(20).map((each) => ({ ...each, even: each.n % 2 === 0, tags: [`t${each.n % 3}`, 'all'] })),
    )
    const filters = [
      { n: 5 },
      { n: { $gt: 15 } },
      { n: { $in: [1, 2, 99] } },
      { even: true, n: { $lt: 6 } },
      { tags: 't1' },
      { $or: [{ n: 1 }, { n: 19 }] },
      { tags: { $all: ['t0', 'all'] }, n: { $gte: 9 } },
      { tags: { $size: 3 } },
      { none: null, n: 0 },
      { n: { $not: { $gt: 2 } } },
      { $expr: { $eq: ['$n', '$_id'] }, n: 7 },
      { tags: /^t2$/, n: { $mod: [5, 0] } },
    ]
    return Promise.all(
      filters.map(async (each) => (await items.find(each).sort({ _id: 1 }).toArray()).map((row) => row._id)),
    )
  },

  async find_projection_sort_skip_limit({ items }) {
    await items.insertMany(numbers(30).map((each) => ({ ...each, group: each.n % 3, deep: { a: 1, b: each.n } })))
    return [
      await items
        .find({ group: 1 }, { projection: { n: 1, _id: 0 } })
        .sort({ n: -1 })
        .skip(2)
        .limit(4)
        .toArray(),
      await items.find({ n: 3 }).project({ 'deep.a': 0 }).toArray(),
      await items.find({ n: 4 }, { projection: { twice: { $multiply: ['$n', 2] } } }).toArray(),
      await items.findOne({ n: { $gt: 5 } }, { sort: { n: 1 } }),
      await items.findOne({ n: 999 }),
    ]
  },

  async find_with_options({ items }) {
    await items.insertMany(['ann', 'ANN', 'Bob'].map((name, _id) => ({ _id, name })))
    await items.createIndex({ name: 1 })
    return [
      await attempt(
        items
          .find({ name: 'ann' }, { collation: { locale: 'en', strength: 2 } })
          .sort({ _id: 1 })
          .toArray(),
      ),
      await items
        .find({ name: 'Bob' }, { hint: 'name_1', comment: 'c', maxTimeMS: 20000, allowDiskUse: true })
        .toArray(),
      await attempt(items.find({ name: 'Bob' }, { hint: 'missing' }).toArray()),
      await attempt(items.find({ $expr: { $eq: ['$name', '$$who'] } }, { let: { who: 'Bob' } }).toArray()),
    ]
  },

  async update_operators({ items }) {
    await items.insertOne({ _id: 1, n: 5, low: 3, high: 3, old: 'x', gone: 1, list: [3, 1, 2] })
    const done = await items.updateOne(
      { _id: 1 },
      {
        $set: { s: 'set', 'deep.er': 1 },
        $inc: { n: -2 },
        $min: { low: 1 },
        $max: { high: 9 },
        $rename: { old: 'new' },
        $unset: { gone: '' },
        $push: { list: { $each: [9], $sort: 1, $slice: -3 } },
        $currentDate: { at: true },
      },
    )
    return [done, await all(items)]
  },

  async update_arrays({ items }) {
    await items.insertMany([1, 2].map((_id) => ({ _id, marks: [_id, 5, 9], rows: [{ k: 1 }, { k: 2 }] })))
    return [
      await items.updateOne({ _id: 1, marks: 5 }, { $set: { 'marks.$': 50 } }),
      await items.updateMany({}, { $inc: { 'marks.$[]': 1 } }),
      await items.updateMany({}, { $set: { 'rows.$[row].seen': true } }, { arrayFilters: [{ 'row.k': 2 }] }),
      await items.updateOne({ _id: 2 }, { $pull: { marks: { $gt: 5 } }, $addToSet: { tags: { $each: ['a', 'a'] } } }),
      await all(items),
    ]
  },

  async update_by_pipeline({ items }) {
    await items.insertMany(numbers(3))
    return [
      await items.updateMany({ n: { $gt: 0 } }, [{ $set: { twice: { $multiply: ['$n', 2] } } }, { $unset: 'n' }]),
      await all(items),
    ]
  },

  async upserts({ items }) {
    const made = await items.updateOne(
      { _id: 'k' },
      { $set: { n: 1 }, $setOnInsert: { fresh: true } },
      { upsert: true },
    )
    const again = await items.updateOne({ _id: 'k' }, { $setOnInsert: { fresh: false } }, { upsert: true })
    const own = await items.updateOne({ of: 'y' }, { $set: { n: 2 } }, { upsert: true })
    const replaced = await items.replaceOne({ _id: 'r' }, { n: 3 }, { upsert: true })
    return [made, again, own, replaced, await items.countDocuments()]
  },

  async replace_and_delete({ items }) {
    await items.insertMany(numbers(6))
    return [
      await items.replaceOne({ _id: 1 }, { r: 1 }),
      await items.replaceOne({ _id: 99 }, { r: 1 }),
      await attempt(items.replaceOne({ _id: 1 }, { $set: { r: 1 } })),
      await items.deleteOne({ n: 2 }),
      await items.deleteMany({ n: { $gte: 4 } }),
      await items.deleteMany({ n: 77 }),
      await all(items),
    ]
  },

  async find_one_and_change({ items }) {
    await items.insertMany(numbers(5))
    return [
      await items.findOneAndUpdate({ _id: 1 }, { $inc: { n: 10 } }),
      await items.findOneAndUpdate({ _id: 1 }, { $inc: { n: 10 } }, { returnDocument: 'after', projection: { n: 1 } }),
      await items.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { includeResultMetadata: true }),
      await items.findOneAndUpdate({ _id: 9 }, { $set: { n: 9 } }, { upsert: true, returnDocument: 'after' }),
      await items.findOneAndReplace({ _id: 2 }, { r: 2 }, { returnDocument: 'after' }),
      await items.findOneAndDelete({ n: { $gte: 0 } }, { sort: { _id: -1 } }),
      await items.findOneAndDelete({ _id: 77 }),
      await all(items),
    ]
  },

  async count_and_distinct({ db, items }) {
    await items.insertMany(numbers(10).map((each) => ({ ...each, group: each.n % 3 })))
    return [
      await items.countDocuments({ group: 1 }),
      await items.countDocuments({}, { skip: 2, limit: 5 }),
      await items.estimatedDocumentCount(),
      await items.distinct('group'),
      await items.distinct('n', { group: 2 }),
      await db.command({ count: 'items', query: { group: 0 } }),
    ]
  },

  async data_that_looks_like_commands({ items }) {
    const document = { _id: 1, text: '$where', odd: { $lookup: { from: { db: 'admin', coll: 'x' } } } }
    return [await attempt(items.insertOne(document)), await items.findOne({ text: '$where' })]
  },

  async errors_of_writes({ items }) {
    await items.insertOne({ _id: 1, text: 'x' })
    const updates = [
      { $set: { _id: 2 } },
      { $inc: { text: 1 } },
      { $push: { text: 1 } },
      { $noSuch: { a: 1 } },
      { a: 1 },
    ]
    return [
      await attempt(items.insertOne({ _id: 1 })),
      ...(await Promise.all(updates.map((each) => attempt(items.updateOne({ _id: 1 }, each))))),
    ]
  },

  async errors_of_queries({ db, items }) {
    await items.insertOne({ _id: 1 })
    const filters = [{ a: { $noSuch: 1 } }, { $or: [] }, { a: { $in: 5 } }, { a: { $regex: '(' } }]
    const commands = [
      { find: 'items', filter: 5 },
      { insert: 'items', documents: [] },
    ]
    return [
      ...(await Promise.all(filters.map((each) => attempt(items.findOne(each))))),
      ...(await Promise.all(commands.map((each) => attempt(db.command(each))))),
    ]
  },

  async unacknowledged_writes({ items }) {
    const writeConcern = { w: 0 }
    const given = [
      await items.insertOne({ _id: 1 }, { writeConcern }),
      await items.insertMany([{ _id: 2 }, { _id: 3 }], { writeConcern }),
      await items.updateOne({ _id: 1 }, { $set: { n: 1 } }, { writeConcern }),
      await items.deleteOne({ _id: 2 }, { writeConcern }),
    ]
    await items.insertOne({ _id: 'last' })
    return [given, await all(items)]
  },

  async concerns({ db, items }) {
    const writes = [{ w: 1 }, { w: 'majority', wtimeoutMS: 5000 }, { w: 1, journal: true }]
    const levels = ['local', 'available', 'majority', 'linearizable', 'no such']
    const found = []
    for (const [_id, writeConcern] of writes.entries())
      found.push(await attempt(items.insertOne({ _id }, { writeConcern })))
    for (const level of levels)
      found.push(await attempt(db.collection('items', { readConcern: { level } }).findOne({ _id: 1 })))
    found.push(await attempt(items.insertOne({ _id: 'w' }, { writeConcern: { w: 49, wtimeoutMS: 100 } })))
    return found
  },

  async read_preferences({ db, items }) {
    await items.insertOne({ _id: 1 })
    const modes = ['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest']
    return Promise.all(
      modes.map((each) => attempt(db.collection('items', { readPreference: each }).findOne({ _id: 1 }))),
    )
  },
}
