// Change streams.

const MOST_ASKED = 100

async function take(stream, count) {
  const events = []
  for (let asked = 0; asked < MOST_ASKED && events.length < count; asked += 1) {
    const event = await stream.tryNext()
    if (event) events.push(withoutTime(event))
  }
  return events
}

function withoutTime({ _id, clusterTime, wallTime, lsid, txnNumber, ...rest }) {
  return rest
}

const QUICK = { maxAwaitTimeMS: 100 }

/** Open a stream for sure, so that what is written next is seen. */
async function watching(target, pipeline = [], options = {}) {
  const stream = target.watch(pipeline, { ...QUICK, ...options })
  await stream.tryNext()
  return stream
}

export default {
  async watch_a_collection({ items }) {
    const stream = await watching(items)
    await items.insertOne({ _id: 1, n: 1, a: [1] })
    await items.updateOne({ _id: 1 }, { $set: { n: 2 }, $unset: { a: 1 } })
    await items.replaceOne({ _id: 1 }, { r: 1 })
    await items.deleteOne({ _id: 1 })
    const events = await take(stream, 4)
    await stream.close()
    return events
  },

  async watch_the_database({ db }) {
    const stream = await watching(db)
    await db.collection('a').insertOne({ _id: 1 })
    await db.collection('b').insertMany([{ _id: 1 }, { _id: 2 }])
    const events = await take(stream, 3)
    await stream.close()
    return events
  },

  async watch_with_pipeline_and_lookup({ items }) {
    await items.insertOne({ _id: 1, n: 1, kept: true })
    const stream = await watching(items, [{ $match: { operationType: 'update' } }], { fullDocument: 'updateLookup' })
    await items.insertOne({ _id: 2 })
    await items.updateOne({ _id: 1 }, { $inc: { n: 1 } })
    const events = await take(stream, 1)
    await stream.close()
    return events
  },

  async watch_resumes({ items }) {
    const stream = await watching(items)
    await items.insertMany([{ _id: 1 }, { _id: 2 }])
    const first = await take(stream, 1)
    const token = stream.resumeToken
    await stream.close()
    const again = await watching(items, [], { resumeAfter: token })
    await items.insertOne({ _id: 3 })
    const rest = await take(again, 1)
    await again.close()
    return [first, rest.length > 0 && [2, 3].includes(rest[0].documentKey._id)]
  },

  async watch_as_iterator({ items }) {
    const stream = await watching(items)
    await items.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
    const seen = []
    for await (const event of stream) {
      seen.push(event.documentKey._id)
      if (seen.length === 3) break
    }
    await stream.close()
    return seen
  },

  async watch_ends_with_its_collection({ items }) {
    await items.insertOne({ _id: 1 })
    const stream = await watching(items)
    await items.drop()
    const events = await take(stream, 2)
    await stream.close()
    return events
  },
}
