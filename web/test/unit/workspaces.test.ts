import { effectScope } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  contentUrl,
  crumbs,
  decodePath,
  encodePath,
  isPicture,
  join,
  parentOf,
} from '@/features/workspaces/composables/paths'
import { sendFile } from '@/features/workspaces/composables/sending'
import { useUploads } from '@/features/workspaces/composables/useUploads'

const CHUNK = 4

/** A hub that takes uploads, and may lose the answer to a part. */
class Uploads {
  started = 0
  received = ''
  size = 0
  lose = 0
  taken = new Set<string>()
  unfinished: object[] = []

  handle = async (request: Request): Promise<Response> => {
    const url = new URL(request.url, 'http://hub')
    if (request.method === 'GET' && url.pathname.endsWith('/uploads'))
      return Response.json({ items: this.unfinished })
    if (request.method === 'POST') return this.begin((await request.json()) as Asked)
    if (request.method === 'PUT') return await this.add(url, request)
    return Response.json(this.told())
  }

  private begin(asked: Asked): Response {
    this.started += 1
    if (this.taken.has(asked.path) && !asked.overwrite)
      return Response.json(
        { type: '/problems/file-there-already', detail: 'There already.' },
        { status: 409 },
      )
    this.size = asked.size
    this.received = ''
    return Response.json(this.told(), { status: 201 })
  }

  private async add(url: URL, request: Request): Promise<Response> {
    expect(Number(url.searchParams.get('offset'))).toBe(this.received.length)
    this.received += await request.text()
    if (this.lose-- > 0) throw new TypeError('network')
    return Response.json(this.told())
  }

  private told(): object {
    const offset = this.received.length
    const entry = offset === this.size ? { name: 'a' } : null
    return { id: 'u1', path: 'a', size: this.size, offset, chunk_bytes: CHUNK, entry }
  }
}

interface Asked {
  path: string
  size: number
  overwrite: boolean
}

function hub(): Uploads {
  const made = new Uploads()
  vi.stubGlobal('fetch', made.handle)
  vi.stubGlobal('location', new URL('http://hub/'))
  return made
}

const send = (content: string, progress: number[] = []) =>
  sendFile({
    workspaceId: 'w1',
    path: 'a',
    file: new Blob([content]),
    overwrite: false,
    signal: new AbortController().signal,
    onProgress: (sent) => progress.push(sent),
  })

afterEach(() => vi.unstubAllGlobals())

describe('paths', () => {
  it('are encoded name by name', () => {
    expect(encodePath('/a b//50%/ä')).toBe('a%20b/50%25/%C3%A4')
    expect(join('', 'a')).toBe('a')
    expect(parentOf('a/b')).toBe('a')
    expect(parentOf('a')).toBe('')
  })
  it('are decoded where they are text', () => {
    expect(decodePath('a%20b/%C3%A4')).toBe('a b/ä')
    expect(decodePath('not%FFtext')).toBe('not%FFtext')
    expect(crumbs('a%20b/c')).toEqual([
      { name: 'a b', path: 'a%20b' },
      { name: 'c', path: 'a%20b/c' },
    ])
  })
  it('survive an address', () => {
    const url = new URL(contentUrl('w1', 'a%20b/%FF&x', '"e"'), 'http://hub')
    expect(url.searchParams.get('path')).toBe('a%20b/%FF&x')
    expect(isPicture('A.PNG')).toBe(true)
    expect(isPicture('a.html')).toBe(false)
  })
})

describe('sending a file', () => {
  it('goes in parts', async () => {
    const uploads = hub()
    const progress: number[] = []
    await send('0123456789', progress)
    expect(uploads.received).toBe('0123456789')
    expect(progress).toEqual([0, 4, 8, 10])
  })
  it('goes on after an answer was lost', async () => {
    const uploads = hub()
    uploads.lose = 1
    await send('0123456789')
    expect(uploads.received).toBe('0123456789')
  })
  it('goes on with an earlier try', async () => {
    const uploads = hub()
    Object.assign(uploads, { received: '0123', size: 6 })
    uploads.unfinished = [{ id: 'u1', path: 'a', size: 6, offset: 4, chunk_bytes: CHUNK, entry: null }]
    await send('012345')
    expect(uploads.started).toBe(0)
    expect(uploads.received).toBe('012345')
  })
})

describe('uploads', () => {
  it('wait to be told what to do with a file that is there', async () => {
    const uploads = hub()
    uploads.taken.add('in/a.txt')
    const scope = effectScope()
    const arrived = vi.fn()
    const list = scope.run(() => useUploads({ workspaceId: () => 'w1', onArrived: arrived }))
    if (!list) throw new Error('the scope has ended')
    list.add('in', [{ path: 'a.txt', file: new File(['abc'], 'a.txt') }])
    await vi.waitFor(() => expect(list.items.value[0]?.state).toBe('there'))
    expect(arrived).not.toHaveBeenCalled()
    for (const item of list.items.value) await list.replace(item)
    expect(list.items.value[0]?.state).toBe('done')
    expect(uploads.received).toBe('abc')
    scope.stop()
  })
})
