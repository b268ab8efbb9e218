import type { UsageNow } from '@/api/types'
import type { Point } from '@/kit/components/LineChart.vue'
import { bytes, clockTime } from '@/kit/format'
import type { Sample } from './usageHistory'

/** What something may use; null: as much as the machine has. */
export interface UsageLimits {
  cores: number | null
  memoryBytes: number | null
}

export interface Chart {
  title: string
  points: Point[]
  /** What the upper edge is worth. */
  top: number
  summary: string
}

const time = (at: number) => clockTime(new Date(at).toISOString()).slice(0, 8)
const rate = (perSecond: number) => `${bytes(Math.round(perSecond))}/s`

/** Points of those samples that have a figure. */
function pointsOf(
  samples: Sample[],
  value: (usage: UsageNow) => number | null,
  words: (usage: UsageNow) => string,
): Point[] {
  return samples.flatMap(({ at, usage }) => {
    const found = value(usage)
    return found === null ? [] : [{ at, value: found, text: `${time(at)}: ${words(usage)}` }]
  })
}

const cpuWords = ({ cpu_percent }: UsageNow) => `${Math.round(cpu_percent)} % of a core`
const memoryWords = ({ memory_bytes }: UsageNow) => bytes(memory_bytes, true)
const diskWords = ({ disk_bytes }: UsageNow) => bytes(disk_bytes ?? 0)
const inOut = (usage: UsageNow) =>
  `${rate(usage.received_bytes_per_second ?? 0)} in, ${rate(usage.sent_bytes_per_second ?? 0)} out`
const through = ({ received_bytes_per_second: received, sent_bytes_per_second: sent }: UsageNow) =>
  received == null || sent == null ? null : received + sent

const upTo = (text: string, limit: string | null) => (limit ? `${text} of ${limit}` : text)

/** What is drawn of usage: each figure with its limit, or why there is none. */
export function chartsOf(samples: Sample[], usage: UsageNow | null, limits: UsageLimits): Chart[] {
  const memoryLimit = usage?.memory_limit_bytes ?? limits.memoryBytes
  const diskLimit = usage?.disk_limit_bytes ?? null
  const now = (words: (usage: UsageNow) => string) => (usage ? words(usage) : 'Not measured yet')
  return [
    {
      title: 'CPU',
      points: pointsOf(samples, ({ cpu_percent }) => cpu_percent, cpuWords),
      top: (limits.cores ?? 1) * 100,
      summary: now((one) =>
        limits.cores ? `${cpuWords(one)}; it may use ${limits.cores * 100} %` : cpuWords(one),
      ),
    },
    {
      title: 'Memory',
      points: pointsOf(samples, ({ memory_bytes }) => memory_bytes, memoryWords),
      top: memoryLimit ?? 0,
      summary: now((one) => upTo(memoryWords(one), memoryLimit ? bytes(memoryLimit, true) : null)),
    },
    {
      title: 'Disk',
      points: pointsOf(samples, ({ disk_bytes }) => disk_bytes ?? null, diskWords),
      top: diskLimit ?? 0,
      summary: now((one) =>
        one.disk_bytes == null
          ? 'Not measured: it was not looked at yet, or has no limit'
          : upTo(diskWords(one), diskLimit ? bytes(diskLimit) : null),
      ),
    },
    {
      title: 'Network',
      points: pointsOf(samples, through, inOut),
      top: 10_000,
      summary: now((one) =>
        through(one) === null
          ? 'Not measured: it shares the machine’s network, or has a socket of its own'
          : inOut(one),
      ),
    },
  ]
}
