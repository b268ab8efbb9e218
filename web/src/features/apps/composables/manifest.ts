/** Split a command line into its arguments as a shell would, without expanding anything. */
export function splitCommand(line: string): string[] {
  const found = line.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|["'\\])+/gs)
  return [...found].map(([word]) =>
    word.replace(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs,
      (whole, double?: string, single?: string, escaped?: string) => {
        if (double !== undefined) return double.replace(/\\(["\\$`])/g, '$1')
        return single ?? escaped ?? whole
      },
    ),
  )
}

export function joinCommand(argv: unknown[]): string {
  return argv
    .map((word) =>
      /^[\w$@%+=:,./-]+$/.test(String(word)) ? String(word) : `'${String(word).replaceAll("'", `'\\''`)}'`,
    )
    .join(' ')
}

/** Where in a JSON text (offset and line, from 1) the value is that a JSON pointer names; its nearest parent else. */
export function locatePointer(json: string, pointer: string): { from: number; to: number; line: number } {
  const path = pointer
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const scanner = new Scanner(json)
  const { from, to } = scanner.find(path)
  return { from, to, line: json.slice(0, from).split('\n').length }
}

class Scanner {
  private at = 0

  constructor(private readonly json: string) {}

  find(path: string[]): { from: number; to: number } {
    this.space()
    const from = this.at
    const [key, ...rest] = path
    if (key === undefined || (this.json[from] !== '{' && this.json[from] !== '[')) {
      this.skip()
      return { from, to: this.at }
    }
    const isObject = this.json[from] === '{'
    this.at += 1
    for (let index = 0; ; index += 1) {
      this.space()
      if (this.at >= this.json.length || '}]'.includes(this.json[this.at] ?? '')) break
      const name = isObject ? this.key() : String(index)
      if (name === key) return this.find(rest)
      this.space()
      this.skip()
      this.space()
      if (this.json[this.at] === ',') this.at += 1
    }
    return { from, to: from + 1 }
  }

  private key(): string {
    const from = this.at
    this.skip()
    const name = this.json.slice(from, this.at)
    this.space()
    if (this.json[this.at] === ':') this.at += 1
    try {
      return String(JSON.parse(name))
    } catch {
      return name
    }
  }

  private space(): void {
    while (/\s/.test(this.json[this.at] ?? '')) this.at += 1
  }

  /** Move behind the value that begins here. */
  private skip(): void {
    let depth = 0
    const start = this.at
    while (this.at < this.json.length) {
      const char = this.json[this.at] ?? ''
      if (char === '"') {
        this.at += 1
        while (this.at < this.json.length && this.json[this.at] !== '"')
          this.at += this.json[this.at] === '\\' ? 2 : 1
      } else if ('{['.includes(char)) depth += 1
      else if ('}]'.includes(char)) {
        if (depth === 0) return
        depth -= 1
      } else if (depth === 0 && (char === ',' || char === ':')) return
      this.at += 1
      if (depth === 0 && this.at > start && '"}]'.includes(this.json[this.at - 1] ?? '')) return
      if (depth === 0 && /\s/.test(this.json[this.at] ?? '')) return
    }
  }
}

/** A slug made of a name, as good as it gets. */
export function slugify(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '')
}
