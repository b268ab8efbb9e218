/** Which files of a folder do not belong to an app's source; the same rules as `hothouse deploy` follows. */

export const IGNORE_FILE = '.hothouseignore'

const JUNK = new Set([
  '__MACOSX',
  '.DS_Store',
  'Thumbs.db',
  '.git',
  '.hg',
  '.svn',
  '__pycache__',
  '.venv',
  'node_modules',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.ipynb_checkpoints',
])

/** Whether a path was left behind by a tool (caches, environments, version control) rather than written. */
export function isJunk(path: string): boolean {
  const parts = path.split('/')
  return parts.some((part) => JUNK.has(part)) || (parts.at(-1) ?? '').startsWith('._')
}

interface Rule {
  pattern: RegExp
  foldersOnly: boolean
  isNegated: boolean
}

/** Patterns in the manner of `.gitignore`: the last one that matches decides, `!` takes a file back in. */
export class IgnorePatterns {
  private readonly rules: Rule[]

  constructor(text: string) {
    this.rules = text.split(/\r?\n/).flatMap((line) => readRule(line) ?? [])
  }

  /** Whether a file is left out, by itself or with a folder it lies in. */
  ignoresFile(path: string): boolean {
    const parts = path.split('/')
    const folders = parts.slice(0, -1).map((_, depth) => parts.slice(0, depth + 1).join('/'))
    return folders.some((folder) => this.ignores(folder, true)) || this.ignores(path, false)
  }

  private ignores(path: string, isFolder: boolean): boolean {
    const deciding = this.rules.findLast((rule) => rule.pattern.test(path) && (isFolder || !rule.foldersOnly))
    return deciding !== undefined && !deciding.isNegated
  }
}

function readRule(line: string): Rule | undefined {
  let text = line.trimEnd()
  if (!text || text.startsWith('#')) return undefined
  const isNegated = text.startsWith('!')
  if (isNegated) text = text.slice(1)
  const foldersOnly = text.endsWith('/')
  text = text.replace(/\/+$/, '')
  const prefix = text.includes('/') ? '' : '(?:.*/)?'
  text = text.replace(/^\/+/, '')
  if (!text) return undefined
  return { pattern: new RegExp(`^${prefix}${toRegex(text)}$`, 's'), foldersOnly, isNegated }
}

const WILDCARDS: Record<string, string> = {
  '**/': '(?:.*/)?',
  '/**': '/.*',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
}

function toRegex(pattern: string): string {
  const pieces = pattern.match(/\*\*\/|\/\*\*$|\*\*|\*|\?|\[!?[^\]]+\]|\\.|./gs) ?? []
  return pieces.map((piece) => WILDCARDS[piece] ?? classOrLiteral(piece)).join('')
}

function classOrLiteral(piece: string): string {
  if (piece.length > 1 && piece.startsWith('[')) {
    const body = piece.slice(1, -1).replaceAll('\\', '\\\\')
    return body.startsWith('!') ? `[^${body.slice(1)}]` : `[${body}]`
  }
  return piece.slice(-1).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
