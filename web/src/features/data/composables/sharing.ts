import type { DataRead, DataReader } from '@/api/types'

type Color = 'success' | 'info' | 'neutral' | 'warning' | 'error'

interface Look {
  label: string
  color: Color
  icon: string
}

/** What both directions of sharing say of themselves. */
type Sharing = Pick<DataReader, 'state' | 'is_wanted' | 'wanted' | 'granted' | 'waiting'>

/** In a manifest and in a decision: every collection, also those still to come. */
export const EVERYTHING = '*'

export const unique = (names: string[]): string[] => [...new Set(names)]

export function collectionName(name: string): string {
  return name === EVERYTHING ? 'every collection' : name
}

/** "clicks", "clicks and people", "clicks, people and 3 more". */
export function namedCollections(names: string[]): string {
  if (names.includes(EVERYTHING)) return 'every collection'
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
  return new Intl.ListFormat('en').format(names)
}

/** Who asks for everything asks for what is offered, where anything in particular is: name that instead. */
export function spellOut(reader: DataReader, offered: string[]): DataReader {
  if (offered.length === 0 || reader.granted.includes(EVERYTHING)) return reader
  const name = (names: string[]) => unique(names.flatMap((one) => (one === EVERYTHING ? offered : [one])))
  return { ...reader, wanted: name(reader.wanted), waiting: name(reader.waiting) }
}

/** Whether all that is asked for can be read. */
function isComplete({ wanted, granted }: Sharing): boolean {
  return granted.includes(EVERYTHING) || wanted.every((name) => name === EVERYTHING || granted.includes(name))
}

/** How it stands with something that this app wants to read. */
export function readLook(read: Pick<DataRead, keyof Sharing>): Look {
  if (!read.is_wanted)
    return { label: 'no longer asked for', color: 'neutral', icon: 'i-lucide-circle-slash' }
  if (read.granted.length > 0) {
    return isComplete(read)
      ? { label: 'readable', color: 'success', icon: 'i-lucide-circle-check' }
      : { label: 'partly readable', color: 'warning', icon: 'i-lucide-circle-dashed' }
  }
  if (read.waiting.length > 0)
    return { label: 'waiting for an owner', color: 'info', icon: 'i-lucide-hourglass' }
  return read.state === 'taken-back'
    ? { label: 'taken back', color: 'error', icon: 'i-lucide-undo-2' }
    : { label: 'refused', color: 'error', icon: 'i-lucide-circle-x' }
}

/** How it stands with an app that wants to read this one. */
export function readerLook(reader: Sharing): Look {
  if (!reader.is_wanted) return { label: 'no longer asks', color: 'neutral', icon: 'i-lucide-circle-slash' }
  if (reader.waiting.length > 0) {
    const label = reader.granted.length > 0 ? 'asks for more' : 'asks'
    return { label, color: 'info', icon: 'i-lucide-hourglass' }
  }
  if (reader.granted.length > 0) {
    return isComplete(reader)
      ? { label: 'reads', color: 'success', icon: 'i-lucide-circle-check' }
      : { label: 'reads a part', color: 'success', icon: 'i-lucide-circle-dashed' }
  }
  return reader.state === 'taken-back'
    ? { label: 'taken back', color: 'neutral', icon: 'i-lucide-undo-2' }
    : { label: 'refused', color: 'neutral', icon: 'i-lucide-circle-x' }
}

/** What a decision can be about: while something waits only that, afterwards everything asked for or granted. */
export function choicesOf(reader: Sharing): string[] {
  return reader.waiting.length > 0 ? reader.waiting : unique([...reader.wanted, ...reader.granted])
}

/** The collections that are readable once `chosen` was allowed: an answer to new wishes keeps what was granted before. */
export function afterAllowing(reader: Sharing, chosen: string[]): string[] {
  return reader.waiting.length > 0 ? unique([...reader.granted, ...chosen]) : chosen
}

/** What a refusal leaves: only what waits is refused. */
export function afterRefusing(reader: Sharing): string[] {
  return reader.granted
}

export function decisionVerb(state: DataReader['state']): string {
  return { asked: '', granted: 'Allowed', refused: 'Refused', 'taken-back': 'Taken back' }[state]
}
