import { describe, expect, it } from 'vitest'
import { joinCommand, locatePointer, splitCommand } from '@/features/apps/composables/manifest'

describe('commands', () => {
  it.each([
    ['uvicorn main:app --port $PORT', ['uvicorn', 'main:app', '--port', '$PORT']],
    [`python -c 'print("a b")'`, ['python', '-c', 'print("a b")']],
    ['a "b \\"c\\"" d\\ e', ['a', 'b "c"', 'd e']],
    [`x --name=it's`, ['x', "--name=it's"]],
    ['  ', []],
  ])('%s is split', (line, argv) => expect(splitCommand(line)).toEqual(argv))

  it.each([[['python', '-c', "print('a b')"]], [['a', '', 'ü $x']], [['uvicorn', '--port', '$PORT']]])(
    'come back from what they are written as: %j',
    (argv) => expect(splitCommand(joinCommand(argv))).toEqual(argv),
  )
})

describe('locatePointer', () => {
  const json = JSON.stringify(
    { name: 'a, "b"', packages: ['x', 'y:z'], data: { indexes: { 'a/b': [1] } }, idle: 30, kind: 'odd' },
    null,
    2,
  )
  const at = (pointer: string) => {
    const { from, to } = locatePointer(json, pointer)
    return json.slice(from, to)
  }

  it('finds values of every kind', () => {
    expect(at('/kind')).toBe('"odd"')
    expect(at('/name')).toBe('"a, \\"b\\""')
    expect(at('/packages/1')).toBe('"y:z"')
    expect(at('/idle')).toBe('30')
    expect(at('/data/indexes/a~1b/0')).toBe('1')
    expect(locatePointer(json, '/packages/1').line).toBe(5)
  })

  it('falls back to where something is missing', () => {
    expect(at('/data/sharing')).toBe('{')
    expect(locatePointer(json, '/slug').line).toBe(1)
    expect(locatePointer('', '/slug')).toMatchObject({ from: 0, line: 1 })
  })
})
