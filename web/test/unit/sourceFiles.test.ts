import { describe, expect, it } from 'vitest'
import { IgnorePatterns, isJunk } from '@/features/apps/composables/ignoring'
import { fromFiles } from '@/features/apps/composables/sourceFiles'

function fileAt(path: string, text = 'x'): File {
  const file = new File([text], path.split('/').at(-1) ?? '')
  Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' })
  return file
}

const paths = async (...files: File[]) => {
  const source = await fromFiles(files)
  return 'files' in source ? source.files.map(({ path }) => path) : []
}

describe('isJunk', () => {
  it.each([
    '.git/config',
    'a/node_modules/x.js',
    '.venv/bin/python',
    'src/__pycache__/a.pyc',
    '__MACOSX/x',
    'a/._b',
  ])('leaves out %s', (path) => expect(isJunk(path)).toBe(true))
  it.each(['app.py', '.streamlit/config.toml', 'git/a.py', '.gitignore', 'venv.py'])('keeps %s', (path) =>
    expect(isJunk(path)).toBe(false),
  )
})

describe('IgnorePatterns', () => {
  const patterns = new IgnorePatterns('# data\n*.csv\n!keep.csv\n/build/\ndocs/**/*.pdf\nlog[0-9].txt\n')
  it.each(['a.csv', 'deep/b.csv', 'build/x', 'build/y/z', 'docs/a/b/c.pdf', 'docs/c.pdf', 'log1.txt'])(
    'leaves out %s',
    (path) => expect(patterns.ignoresFile(path)).toBe(true),
  )
  it.each(['keep.csv', 'deep/keep.csv', 'src/build/x', 'build', 'other/c.pdf', 'logs.txt', 'acsv'])(
    'keeps %s',
    (path) => expect(patterns.ignoresFile(path)).toBe(false),
  )
})

describe('fromFiles', () => {
  it('takes a zip as it is', async () => {
    const archive = fileAt('project.zip')
    expect(await fromFiles([archive])).toEqual({ name: 'project.zip', archive })
  })

  it("makes the chosen folder the source's root", async () => {
    expect(await paths(fileAt('proj/app.py'), fileAt('proj/data/x.csv'), fileAt('proj/.git/HEAD'))).toEqual([
      'app.py',
      'data/x.csv',
    ])
  })

  it('leaves out environments whatever they are called, and what .hothouseignore names', async () => {
    const files = [
      fileAt('proj/app.py'),
      fileAt('proj/my env/pyvenv.cfg'),
      fileAt('proj/my env/lib/x.py'),
      fileAt('proj/.hothouseignore', '*.csv\n'),
      fileAt('proj/big.csv'),
    ]
    expect(await paths(...files)).toEqual(['app.py', '.hothouseignore'])
  })

  it('takes a single script', async () => {
    expect(await paths(fileAt('app.py'))).toEqual(['app.py'])
  })

  it('refuses other archives and empty folders with a reason', async () => {
    await expect(fromFiles([fileAt('project.tar.gz')])).rejects.toThrow('Pack a .zip')
    await expect(fromFiles([fileAt('proj/.git/HEAD')])).rejects.toThrow('no files that belong')
  })
})
