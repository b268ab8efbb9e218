// GridFS.

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { GridFSBucket, ObjectId } from 'mongodb'
import { attempt } from '../attempt.mjs'

const FIVE_MEGABYTES = Buffer.alloc(5 * 2 ** 20, 'sphinx of black quartz')
const digest = (content) => [content.length, createHash('sha256').update(content).digest('hex')]
const MISSING = new ObjectId('5f0000000000000000000000')

async function upload(bucket, name, content, options) {
  const stream = bucket.openUploadStream(name, options)
  await pipeline(Readable.from([content]), stream)
  return stream.id
}

export default {
  async gridfs_five_megabytes({ db }) {
    const bucket = new GridFSBucket(db)
    const id = await upload(bucket, 'big', FIVE_MEGABYTES, { metadata: { of: 'test' } })
    const content = await buffer(bucket.openDownloadStream(id))
    return [
      digest(content),
      await db.collection('fs.files').findOne({ _id: id }),
      await db.collection('fs.chunks').countDocuments(),
    ]
  },

  async gridfs_parts({ db }) {
    const bucket = new GridFSBucket(db, { bucketName: 'own', chunkSizeBytes: 1000 })
    const id = await upload(bucket, 'parts', FIVE_MEGABYTES.subarray(0, 12345))
    return [
      digest(await buffer(bucket.openDownloadStream(id, { start: 995, end: 2010 }))),
      digest(await buffer(bucket.openDownloadStreamByName('parts'))),
      (await db.collection('own.chunks').indexes()).length,
    ]
  },

  async gridfs_rename_delete_find({ db }) {
    const bucket = new GridFSBucket(db)
    const id = await upload(bucket, 'before', Buffer.from('content'))
    await bucket.rename(id, 'after')
    const found = await bucket.find({ filename: 'after' }).toArray()
    await bucket.delete(id)
    return [
      found.map((file) => [file.filename, file.length]),
      await db.collection('fs.chunks').countDocuments(),
      await attempt(bucket.delete(MISSING)),
      await attempt(buffer(bucket.openDownloadStream(MISSING))),
      await attempt(buffer(bucket.openDownloadStreamByName('before'))),
    ]
  },

  async gridfs_revisions_and_abort({ db }) {
    const bucket = new GridFSBucket(db, { chunkSizeBytes: 10 })
    for (const text of ['one', 'two', 'three']) await upload(bucket, 'same', Buffer.from(text))
    const stream = bucket.openUploadStream('never')
    await new Promise((resolve) => stream.write(Buffer.alloc(35), resolve))
    await stream.abort()
    const read = async (revision) => (await buffer(bucket.openDownloadStreamByName('same', { revision }))).toString()
    return [await read(0), await read(1), await read(-1), await db.collection('fs.chunks').countDocuments()]
  },
}
