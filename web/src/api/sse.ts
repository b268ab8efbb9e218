import { ApiProblem } from './problem'
import { reportUnauthorized } from './client'

export interface ServerEvent {
  id: string
  event: string
  data: string
}

export type StreamState = 'connecting' | 'open' | 'lost' | 'ended'

export interface StreamOptions {
  url: string
  onEvent: (event: ServerEvent) => void
  onState?: (state: StreamState, problem?: ApiProblem) => void
  /** An event of this name means that nothing more will come. */
  endEvent?: string
  /** Go on after this event. */
  lastEventId?: string
  signal: AbortSignal
}

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 8_000
/** The hub pings every 10 s or so: silence for longer means a dead connection that nobody closed. */
const SILENCE_MS = 45_000

/** Parse a `text/event-stream` body. Comments are dropped; `id` carries over as the specification says. */
export async function* parseEvents(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void = () => undefined,
): AsyncGenerator<ServerEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  let rest = ''
  let id = ''
  let event = ''
  let data: string[] = []
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      onBytes()
      const lines = (rest + value).split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { id, event: event || 'message', data: data.join('\n') }
          event = ''
          data = []
          continue
        }
        const colon = line.indexOf(':')
        const field = colon < 0 ? line : line.slice(0, colon)
        const text = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
        if (field === 'data') data.push(text)
        else if (field === 'event') event = text
        else if (field === 'id') id = text
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/**
 * Follow a stream until it ends, is refused or `signal` aborts; resume with `Last-Event-ID` after a loss.
 *
 * `fetch` instead of `EventSource`, which gives up on a 502 (a hub that restarts) and hides why it was refused.
 */
export async function followStream(options: StreamOptions): Promise<void> {
  const { signal, onState } = options
  let lastId = options.lastEventId ?? ''
  let retryMs = FIRST_RETRY_MS
  while (!signal.aborted) {
    onState?.('connecting')
    const attempt = new AbortController()
    const watchdog = new Watchdog(() => attempt.abort(), SILENCE_MS)
    try {
      const response = await fetch(options.url, {
        headers: { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) },
        signal: AbortSignal.any([signal, attempt.signal]),
        cache: 'no-store',
      })
      if (response.status === 401) reportUnauthorized()
      if (response.status >= 400 && response.status < 500) {
        onState?.('ended', await ApiProblem.fromResponse(response))
        return
      }
      if (response.ok && response.body) {
        onState?.('open')
        for await (const event of parseEvents(response.body, () => watchdog.feed())) {
          retryMs = FIRST_RETRY_MS
          if (event.id) lastId = event.id
          if (event.event === options.endEvent) {
            onState?.('ended')
            return
          }
          options.onEvent(event)
        }
      }
    } catch (thrown) {
      if (signal.aborted) return
      if (!(thrown instanceof TypeError || (thrown as Error).name === 'AbortError')) throw thrown
    } finally {
      watchdog.stop()
    }
    onState?.('lost')
    await pause(retryMs, signal)
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
  }
}

class Watchdog {
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly onSilence: () => void,
    private readonly silenceMs: number,
  ) {
    this.feed()
  }

  feed(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(this.onSilence, this.silenceMs)
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
