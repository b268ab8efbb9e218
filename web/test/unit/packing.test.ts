import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { packFiles } from '@/features/apps/composables/packing'

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

describe('packFiles', () => {
  it('packs what an unpacker reads back, also empty, binary and strangely named files', async () => {
    const long = 'growing '.repeat(50_000)
    const seen: number[] = []
    const blob = await packFiles(
      [
        { path: 'app.py', file: new File([long], 'app.py') },
        { path: 'empty.txt', file: new File([], 'empty.txt', { lastModified: 0 }) },
        { path: 'bilder/grün.png', file: new File([Uint8Array.of(1, 0, 255)], 'grün.png') },
      ],
      (done) => seen.push(done),
    )
    const entries = unzipSync(new Uint8Array(await blob.arrayBuffer()))
    expect(Object.keys(entries)).toEqual(['app.py', 'empty.txt', 'bilder/grün.png'])
    expect(text(entries['app.py'])).toBe(long)
    expect(entries['empty.txt']?.length).toBe(0)
    expect([...(entries['bilder/grün.png'] ?? [])]).toEqual([1, 0, 255])
    expect(blob.size).toBeLessThan(5_000)
    expect(seen.at(-1)).toBe(long.length + 3)
  })
})
