import type { LatencyBucket } from '@/api/types'

/**
 * Estimate the time below which a share of the commands stayed, in milliseconds.
 *
 * Within a bucket the commands are taken to lie evenly. Null without commands; infinite where the share reaches into
 * the last, unbounded bucket.
 */
export function quantile(buckets: LatencyBucket[], share: number): number | null {
  const total = buckets.reduce((sum, bucket) => sum + bucket.count, 0)
  if (total === 0) return null
  let below = 0
  let lower = 0
  for (const { up_to_ms: upper, count } of buckets) {
    if (count > 0 && below + count >= share * total) {
      if (upper === null) return Number.POSITIVE_INFINITY
      return lower + (upper - lower) * ((share * total - below) / count)
    }
    below += count
    lower = upper ?? lower
  }
  return Number.POSITIVE_INFINITY
}

/** "0.42 ms", "12 ms", "1.5 s". */
export function milliseconds(value: number): string {
  if (value >= 60_000) return `${short(value / 60_000)} min`
  return value >= 1000 ? `${short(value / 1000)} s` : `${short(value)} ms`
}

const short = (value: number) => (value >= 10 ? Math.round(value) : Number(value.toPrecision(2)))

/** The histogram in a sentence; the empty string without commands. */
export function latencyInWords(buckets: LatencyBucket[]): string {
  const [half, most] = [quantile(buckets, 0.5), quantile(buckets, 0.95)]
  if (half === null || most === null) return ''
  const longest = buckets.findLast((bucket) => bucket.up_to_ms !== null)?.up_to_ms ?? 0
  const within = (value: number) =>
    value === Number.POSITIVE_INFINITY
      ? `more than ${milliseconds(longest)}`
      : `up to about ${milliseconds(value)}`
  return `Half of the commands took ${within(half)}, 95 of 100 ${within(most)}.`
}
