import { afterEach, describe, expect, it, vi } from 'vitest'
import { followStream, parseEvents } from '@/api/sse'
import type { ServerEvent, StreamState } from '@/api/sse'

const encoder = new TextEncoder()

function body(...pieces: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece))
      controller.close()
    },
  })
}

async function all(...pieces: string[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = []
  for await (const event of parseEvents(body(...pieces))) events.push(event)
  return events
}

describe('parseEvents', () => {
  it('puts lines of data together and keeps the id', async () => {
    expect(await all('id: 3\nevent: line\ndata: a\ndata: b\n\n', 'data: c\n\n')).toEqual([
      { id: '3', event: 'line', data: 'a\nb' },
      { id: '3', event: 'message', data: 'c' },
    ])
  })

  it('survives pieces cut anywhere, also within a character and a line end', async () => {
    const bytes = encoder.encode('event: line\r\ndata: grün\r\n\r\n')
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const events: ServerEvent[] = []
    for await (const event of parseEvents(pieces)) events.push(event)
    expect(events).toEqual([{ id: '', event: 'line', data: 'grün' }])
  })

  it('drops comments and events without data', async () => {
    expect(await all(': ping\n\nevent: x\n\n')).toEqual([])
  })
})

describe('followStream', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('resumes after the last event when the connection is lost, and stops at the end event', async () => {
    vi.useFakeTimers()
    const asked: (string | null)[] = []
    const answers = [body('id: 1\ndata: a\n\n'), body('id: 2\ndata: b\n\n', 'event: end\ndata: {}\n\n')]
    vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
      asked.push(new Headers(init.headers).get('last-event-id'))
      return Promise.resolve(new Response(answers.shift(), { status: 200 }))
    })
    const seen: string[] = []
    const states: StreamState[] = []
    const over = followStream({
      url: '/x',
      endEvent: 'end',
      signal: new AbortController().signal,
      onEvent: (event) => seen.push(event.data),
      onState: (state) => states.push(state),
    })
    await vi.advanceTimersByTimeAsync(2_000)
    await over
    vi.useRealTimers()
    expect(seen).toEqual(['a', 'b'])
    expect(asked).toEqual([null, '1'])
    expect(states).toEqual(['connecting', 'open', 'lost', 'connecting', 'open', 'ended'])
  })

  it('goes on through a hub that restarts', async () => {
    vi.useFakeTimers()
    const answers = [new Response('', { status: 502 }), new Response(body('event: end\ndata: {}\n\n'))]
    vi.stubGlobal('fetch', () => Promise.resolve(answers.shift()))
    const over = followStream({
      url: '/x',
      endEvent: 'end',
      signal: new AbortController().signal,
      onEvent: () => undefined,
    })
    await vi.advanceTimersByTimeAsync(2_000)
    await over
    vi.useRealTimers()
    expect(answers).toEqual([])
  })

  it('gives up on a refusal and says which', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"title":"Not found"}', { status: 404 })))
    let title = ''
    await followStream({
      url: '/x',
      signal: new AbortController().signal,
      onEvent: () => undefined,
      onState: (_state, problem) => (title = problem?.title ?? title),
    })
    expect(title).toBe('Not found')
  })
})
