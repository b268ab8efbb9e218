// What an app can see of a result or an error, as plain values.

const ERROR_FIELDS = ['code', 'codeName', 'index', 'keyPattern', 'keyValue', 'errInfo', 'errorResponse']

/** Return what a promise gives, or what the driver's error says; other errors are the scenario's own and go on. */
export async function attempt(promise) {
  try {
    return await promise
  } catch (error) {
    if (!/^(Mongo|BSON)/.test(error.constructor.name)) throw error
    return describe(error)
  }
}

function describe(error) {
  const seen = { error: error.constructor.name, message: error.message }
  for (const field of ERROR_FIELDS) {
    if (error[field] !== undefined) seen[field] = error[field]
  }
  if (error.errorLabels) seen.labels = [...error.errorLabels].sort()
  if (error.writeErrors) seen.writeErrors = entries(error.writeErrors).map(writeError)
  if (error.result) seen.result = counts(error.result)
  if (error.partialResult) seen.partialResult = plainResult(error.partialResult)
  return seen
}

function entries(errors) {
  if (errors instanceof Map) return [...errors].map(([index, error]) => ({ index, ...error }))
  return Array.isArray(errors) ? errors : [errors]
}

function writeError({ index, code, errmsg, message, err }) {
  return { index, code, message: errmsg ?? message ?? err?.errmsg }
}

/** Keep the counts and ids of a bulk result. */
export function counts(result) {
  const { insertedCount, matchedCount, modifiedCount, deletedCount, upsertedCount, upsertedIds, insertedIds } = result
  return { insertedCount, matchedCount, modifiedCount, deletedCount, upsertedCount, upsertedIds, insertedIds }
}

/** Turn a client-level bulk result with its maps into documents. */
export function plainResult(result) {
  return Object.fromEntries(
    Object.entries(result).map(([key, value]) => [key, value instanceof Map ? Object.fromEntries(value) : value]),
  )
}
