import { afterEach, describe, expect, it, vi } from 'vitest'
import { askPasskey, canUsePasskeys, makePasskey } from '@/features/identity/composables/usePasskeys'

function browserWith(answer: () => Promise<unknown>) {
  const asked = vi.fn(answer)
  vi.stubGlobal('PublicKeyCredential', {
    parseCreationOptionsFromJSON: (options: unknown) => ({ parsed: options }),
    parseRequestOptionsFromJSON: (options: unknown) => ({ parsed: options }),
  })
  vi.stubGlobal('navigator', { credentials: { create: asked, get: asked } })
  return asked
}
afterEach(() => vi.unstubAllGlobals())

describe('passkeys', () => {
  it('are there only where the browser has them', () => {
    vi.stubGlobal('PublicKeyCredential', undefined)
    expect(canUsePasskeys()).toBe(false)
    browserWith(() => Promise.resolve(null))
    expect(canUsePasskeys()).toBe(true)
  })

  it('are asked what the hub says, and answer as JSON', async () => {
    const asked = browserWith(() => Promise.resolve({ toJSON: () => ({ id: 'key' }) }))
    expect(await askPasskey({ challenge: 'abc' })).toEqual({ id: 'key' })
    expect(asked).toHaveBeenCalledExactlyOnceWith({ publicKey: { parsed: { challenge: 'abc' } } })
  })

  it.each([
    ['NotAllowedError', 'No passkey answered'],
    ['InvalidStateError', 'Passkey known'],
  ])('that fail with %s: %s', async (name, title) => {
    browserWith(() => Promise.reject(new DOMException('no', name)))
    await expect(makePasskey({})).rejects.toMatchObject({ title })
  })
})
