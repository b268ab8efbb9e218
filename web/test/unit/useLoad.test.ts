import { effectScope, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { useLoad } from '@/kit/useLoad'

function makeLoad() {
  const answers: { give: (value: string) => void; fail: () => void }[] = []
  const scope = effectScope()
  const on = ref(0)
  const load = scope.run(() =>
    useLoad({
      on,
      load: () =>
        new Promise<string>((resolve, reject) => {
          answers.push({ give: resolve, fail: () => reject(new Error('late')) })
        }),
    }),
  )
  if (!load) throw new Error('The scope was stopped.')
  return { ...load, answers, scope, on }
}

describe('useLoad', () => {
  it.each(['give', 'fail'] as const)('drops an answer that came too late (%s)', async (how) => {
    const { data, problem, reload, answers } = makeLoad()
    const second = reload()
    answers[1]?.give('new')
    await second
    answers[0]?.[how]('old')
    await Promise.resolve()
    expect([data.value, problem.value]).toEqual(['new', undefined])
  })

  it('is done only once the request that overtook it is', async () => {
    const { data, reload, answers } = makeLoad()
    const seen: (string | undefined)[] = []
    const second = reload().then(() => seen.push(data.value))
    void reload()
    answers[1]?.give('old')
    await new Promise((resolve) => setTimeout(resolve))
    expect(seen).toEqual([])
    answers[2]?.give('newest')
    await second
    expect(seen).toEqual(['newest'])
  })

  it('ends quietly with its scope', async () => {
    const { data, reload, answers, scope } = makeLoad()
    const pending = reload()
    scope.stop()
    answers[1]?.give('too late')
    await pending
    expect(data.value).toBeUndefined()
  })
})
