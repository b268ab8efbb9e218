// Aggregation.

import { attempt } from '../attempt.mjs'

async function orders(db) {
  await db
    .collection('orders')
    .insertMany(Array.from({ length: 9 }, (_, n) => ({ _id: n, who: n % 3, sum: n * 10, tags: [n, n + 1] })))
  await db.collection('people').insertMany([
    { _id: 0, name: 'Ada', boss: null },
    { _id: 1, name: 'Bob', boss: 0 },
    { _id: 2, name: 'Cy', boss: 1 },
  ])
}

const run = (db, stages, options, on = 'orders') => attempt(db.collection(on).aggregate(stages, options).toArray())

export default {
  async group({ db }) {
    await orders(db)
    return run(db, [
      { $match: { sum: { $gt: 0 } } },
      { $group: { _id: '$who', total: { $sum: '$sum' }, mean: { $avg: '$sum' }, all: { $push: '$_id' } } },
      { $sort: { _id: 1 } },
    ])
  },

  async lookup({ db }) {
    await orders(db)
    const byFields = { from: 'people', localField: 'who', foreignField: '_id', as: 'person' }
    const byPipeline = {
      from: 'orders',
      let: { person: '$_id' },
      pipeline: [{ $match: { $expr: { $eq: ['$who', '$$person'] } } }, { $sort: { _id: 1 } }, { $project: { sum: 1 } }],
      as: 'orders',
    }
    return [
      await run(db, [{ $lookup: byFields }, { $unwind: '$person' }, { $sort: { _id: 1 } }]),
      await run(db, [{ $lookup: byPipeline }, { $sort: { _id: 1 } }], {}, 'people'),
    ]
  },

  async graph_lookup_and_union({ db }) {
    await orders(db)
    const above = { from: 'people', startWith: '$boss', connectFromField: 'boss', connectToField: '_id', as: 'above' }
    const union = { coll: 'people', pipeline: [{ $project: { name: 1 } }] }
    return [
      await run(
        db,
        [{ $graphLookup: above }, { $project: { n: { $size: '$above' } } }, { $sort: { _id: 1 } }],
        {},
        'people',
      ),
      await run(db, [{ $match: { _id: 8 } }, { $unionWith: union }, { $sort: { _id: 1, name: 1 } }]),
    ]
  },

  async facet_and_buckets({ db }) {
    await orders(db)
    return [
      await run(db, [{ $facet: { count: [{ $count: 'n' }], best: [{ $sort: { sum: -1 } }, { $limit: 2 }] } }]),
      await run(db, [{ $bucket: { groupBy: '$sum', boundaries: [0, 30, 60], default: 'more' } }]),
      await run(db, [{ $bucketAuto: { groupBy: '$sum', buckets: 2 } }]),
    ]
  },

  async window_fields({ db }) {
    await orders(db)
    const output = { running: { $sum: '$sum', window: { documents: ['unbounded', 'current'] } }, rank: { $rank: {} } }
    return run(db, [{ $setWindowFields: { partitionBy: '$who', sortBy: { sum: 1 }, output } }, { $sort: { _id: 1 } }])
  },

  async out_and_merge({ db, name }) {
    await orders(db)
    const target = db.collection('target')
    const source = [{ $match: { _id: { $lt: 3 } } }, { $project: { sum: 1 } }]
    return [
      await run(db, [...source, { $out: 'target' }]),
      await run(db, [
        ...source,
        { $set: { more: 1 } },
        { $merge: { into: { db: name, coll: 'target' }, whenMatched: 'merge' } },
      ]),
      await run(db, [...source, { $merge: { into: 'target', whenMatched: 'fail' } }]),
      await target.find().sort({ _id: 1 }).toArray(),
    ]
  },

  async documents_and_options({ db }) {
    await orders(db)
    await db.collection('orders').createIndex({ who: 1 })
    return [
      await attempt(db.aggregate([{ $documents: [{ n: 1 }, { n: 2 }] }, { $match: { n: 2 } }]).toArray()),
      await run(db, [{ $match: { who: 1 } }, { $sort: { _id: 1 } }], {
        hint: 'who_1',
        batchSize: 1,
        allowDiskUse: true,
        comment: 'c',
      }),
      await run(db, [{ $match: { $expr: { $eq: ['$who', '$$w'] } } }, { $sort: { _id: 1 } }], { let: { w: 2 } }),
    ]
  },

  async errors_of_pipelines({ db }) {
    await orders(db)
    const pipelines = [
      [{ $project: { x: { $divide: ['$sum', 0] } } }],
      [{ $group: {} }],
      [{ $limit: -1 }],
      [{ $out: 'x' }, { $match: {} }],
    ]
    return Promise.all(pipelines.map((each) => run(db, each)))
  },

  async explain({ db }) {
    await orders(db)
    await db.collection('orders').createIndex({ who: 1 })
    const find = await db.collection('orders').find({ who: 1 }).explain('queryPlanner')
    const aggregate = await attempt(
      db
        .collection('orders')
        .aggregate([{ $match: { who: 1 } }])
        .explain('queryPlanner'),
    )
    return [
      find.queryPlanner.winningPlan,
      Object.keys(aggregate).filter(
        (key) => !['serverInfo', 'serverParameters', '$clusterTime', 'operationTime'].includes(key),
      ),
    ]
  },
}
