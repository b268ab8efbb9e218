import { shallowReactive } from 'vue'
import type { LogLine } from '@/api/types'

export const CHUNK_LINES = 200
export const MAX_CHUNKS = 50

export interface LogEntry extends LogLine {
  /** Counts up over the whole log: a stable key. */
  number: number
}

/** Lines that are drawn together: only the last chunk of a growing log changes. */
export interface LogChunk {
  first: number
  lines: LogEntry[]
}

// Colours and cursor movements of terminals, and links (OSC).
// eslint-disable-next-line no-control-regex
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g

/** A line as it would stand on a terminal in the end: no escape codes, only what follows a carriage return. */
export function plainText(text: string): string {
  const stripped = text.replace(ESCAPES, '')
  const parts = stripped.split('\r').filter((part) => part !== '')
  return parts.at(-1) ?? ''
}

/** The last lines of a log, in chunks; the oldest chunk goes when there are too many. */
export class LogBuffer {
  readonly chunks = shallowReactive<LogChunk[]>([])
  /** How many lines were dropped from the front. */
  dropped = 0
  private count = 0
  private readonly seen = new Map<string, number>()

  constructor(
    private readonly chunkLines = CHUNK_LINES,
    private readonly maxChunks = MAX_CHUNKS,
  ) {}

  get size(): number {
    return this.count - this.dropped
  }

  /** Add lines in order; those that a resumed stream repeats are left out. Returns how many were new. */
  append(lines: LogLine[]): number {
    let added = 0
    let last = this.chunks.at(-1)
    let fresh: LogEntry[] = []
    const flush = () => {
      if (last && fresh.length > 0) {
        last = { first: last.first, lines: [...last.lines, ...fresh] }
        this.chunks.splice(this.chunks.length - 1, 1, last)
      }
      fresh = []
    }
    for (const line of lines) {
      const origin = line.workload ?? ''
      if (line.offset <= (this.seen.get(origin) ?? -1)) continue
      this.seen.set(origin, line.offset)
      if (!last || last.lines.length + fresh.length >= this.chunkLines) {
        flush()
        last = { first: this.count, lines: [] }
        this.chunks.push(last)
      }
      fresh.push({ ...line, text: plainText(line.text), number: this.count })
      this.count += 1
      added += 1
    }
    flush()
    this.trim()
    return added
  }

  clear(): void {
    this.chunks.splice(0)
    this.seen.clear()
    this.count = 0
    this.dropped = 0
  }

  *lines(): Generator<LogEntry> {
    for (const chunk of this.chunks) yield* chunk.lines
  }

  private trim(): void {
    while (this.chunks.length > this.maxChunks) {
      this.dropped += this.chunks.shift()?.lines.length ?? 0
    }
  }
}

/** Cut a text where the words searched for stand in it, ignoring case. */
export function highlight(text: string, query: string): { text: string; isHit: boolean }[] {
  if (!query) return [{ text, isHit: false }]
  const parts: { text: string; isHit: boolean }[] = []
  const haystack = text.toLowerCase()
  const needle = query.toLowerCase()
  let from = 0
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), isHit: false })
    parts.push({ text: text.slice(at, at + needle.length), isHit: true })
    from = at + needle.length
  }
  if (from < text.length) parts.push({ text: text.slice(from), isHit: false })
  return parts
}
