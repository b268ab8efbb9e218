// BSON types, and large documents.

import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb'
import { attempt } from '../attempt.mjs'

const KNOWN_ID = new ObjectId('5f0000000000000000000001')
const exact = (db) => db.collection('items', { promoteValues: false, bsonRegExp: true, ignoreUndefined: false })

async function thereAndBack(db, values) {
  const items = exact(db)
  await items.insertOne({ _id: 1, ...values })
  return items.findOne({ _id: 1 })
}

export default {
  async types_numbers({ db }) {
    return thereAndBack(db, {
      int: new Int32(2 ** 31 - 1),
      least: new Int32(-(2 ** 31)),
      long: Long.MAX_VALUE,
      leastLong: Long.MIN_VALUE,
      smallLong: Long.fromNumber(7),
      double: new Double(1.5),
      whole: new Double(3),
      tiny: new Double(5e-324),
      infinite: new Double(Infinity),
      minus: new Double(-0),
      nan: new Double(NaN),
      decimal: Decimal128.fromString('1.10'),
      digits: Decimal128.fromString('9.999999999999999999999999999999999E+6144'),
      no: Decimal128.fromString('NaN'),
      yes: true,
      none: null,
    })
  },

  async types_binary({ db }) {
    const bytes = Buffer.from(Array.from({ length: 16 }, (_, n) => n))
    const subtypes = [0, 1, 3, 5, 6, 7, 128, 255].map((each) => [`subtype ${each}`, new Binary(bytes, each)])
    return thereAndBack(db, { ...Object.fromEntries(subtypes), uuid: new UUID(bytes), empty: Buffer.alloc(0) })
  },

  async types_times({ db }) {
    return thereAndBack(db, {
      before1970: new Date(-1_000_000_000_123),
      epoch: new Date(0),
      year1: new Date(-62135596800000),
      year9999: new Date(253402300799999),
      stamp: new Timestamp({ t: 1, i: 2 }),
      lastStamp: new Timestamp({ t: 2 ** 32 - 1, i: 2 ** 32 - 1 }),
    })
  },

  async types_others({ db }) {
    return thereAndBack(db, {
      id: KNOWN_ID,
      text: 'Grüße 🎉 \u0000 end',
      regex: new BSONRegExp('a.*c', 'imx'),
      native: /x/i,
      code: new Code('function () {}'),
      scoped: new Code('x', { y: 1 }),
      ref: new DBRef('other', KNOWN_ID, 'elsewhere'),
      least: new MinKey(),
      most: new MaxKey(),
      symbol: new BSONSymbol('abc'),
      array: [1, 'two', [3, []], {}],
      nested: { a: { b: {} } },
    })
  },

  async types_as_javascript_values({ items }) {
    await items.insertOne({
      _id: 1,
      big: 2 ** 53,
      small: 1,
      half: 0.5,
      bigint: 2n ** 62n,
      when: new Date(0),
      list: [undefined, null],
    })
    return items.findOne({ _id: 1 })
  },

  async types_sort_order({ items }) {
    const values = [
      new MaxKey(),
      /a/,
      new Timestamp({ t: 1, i: 1 }),
      new Date(0),
      true,
      KNOWN_ID,
      [5],
      { a: 1 },
      'text',
      3,
      null,
      new MinKey(),
    ]
    await items.insertMany(values.map((v, _id) => ({ _id, v })))
    return (
      await items
        .find({}, { projection: { _id: 1 } })
        .sort({ v: 1, _id: 1 })
        .toArray()
    ).map((row) => row._id)
  },

  async document_of_15_megabytes({ items }) {
    const text = 'x'.repeat(15 * 2 ** 20)
    await items.insertOne({ _id: 1, text })
    await items.updateOne({ _id: 1 }, { $set: { n: 1 } })
    const found = await items.findOne({ _id: 1 })
    return [found.text === text, found.n]
  },

  async document_that_is_too_large({ items }) {
    const refused = await attempt(items.insertOne({ _id: 1, text: 'x'.repeat(16.5 * 2 ** 20) }))
    return [refused.code, await items.countDocuments()]
  },

  async batches_of_many_megabytes({ items }) {
    await items.insertMany(Array.from({ length: 24 }, (_, _id) => ({ _id, text: 'x'.repeat(2 ** 20) })))
    return (
      await items
        .find({ _id: { $lt: 20 } })
        .sort({ _id: 1 })
        .toArray()
    ).map((row) => [row._id, row.text.length])
  },
}
