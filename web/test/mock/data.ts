/** The part of the mock hub that tells of apps' databases and of what they may read of each other. */

interface Grant {
  reader: string
  source: string
  wanted: string[]
  granted: string[]
  waiting: string[]
  state: 'asked' | 'granted' | 'refused' | 'taken-back'
  is_wanted: boolean
  decided_at: string | null
}

interface AppLike {
  slug: string
  name: string
  icon: string | null
  url: string
}

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const person = { id: 'u1', name: 'Ada Gärtner', email: 'ada@example.org' }
const grant = (reader: string, source: string, wanted: string[], rest: Partial<Grant> = {}): Grant => ({
  reader,
  source,
  wanted,
  granted: [],
  waiting: wanted,
  state: 'asked',
  is_wanted: true,
  decided_at: null,
  ...rest,
})

const grants: Grant[] = [
  grant('stats-dashboard', 'click-tracker', ['*']),
  grant('hello', 'click-tracker', ['clicks'], {
    state: 'granted',
    granted: ['clicks'],
    waiting: [],
    decided_at: ago(90),
  }),
  grant('streamlit-explorer', 'click-tracker', ['clicks', 'counters'], {
    state: 'refused',
    waiting: [],
    decided_at: ago(3000),
  }),
  grant('static-site', 'click-tracker', [], {
    state: 'granted',
    granted: ['*'],
    waiting: [],
    is_wanted: false,
    decided_at: ago(9000),
  }),
  grant('stats-dashboard', 'hello', ['greetings'], {
    state: 'taken-back',
    waiting: [],
    decided_at: ago(20),
  }),
  grant('stats-dashboard', 'not-there', ['*']),
  grant('stats-dashboard', 'billing-forecast-with-a-long-name', ['invoices', 'customers'], {
    state: 'granted',
    granted: ['invoices'],
    waiting: ['customers'],
    decided_at: ago(400),
  }),
]
const allowed = new Map<string, number>()

const minutes = Array.from({ length: 60 }, (_, index) => {
  const operations = Math.round(Math.max(0, 90 * Math.sin(index / 9) + ((index * 37) % 41)))
  return {
    at: ago(59 - index),
    operations,
    errors: index % 17 === 4 ? Math.ceil(operations / 8) : 0,
    milliseconds: operations * 2.4,
  }
})
const BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000]
const COUNTS = [3100, 5200, 2100, 900, 410, 120, 60, 31, 9, 4, 1]
/** How full each app's database is, in percent. */
const FULL: Record<string, number> = {
  'click-tracker': 31,
  hello: 87,
  'billing-forecast-with-a-long-name': 100,
}

export class MockData {
  constructor(private readonly apps: AppLike[]) {}

  overview(slug: string): object {
    const isQuiet = slug === 'static-site'
    const most = allowed.get(slug) ?? 2 * 2 ** 30
    return {
      database: 'hh_3k9x7q2m4v1t',
      storage: {
        used_bytes: isQuiet ? null : Math.round((most * (FULL[slug] ?? 4)) / 100),
        is_estimate: slug === 'hello',
        measured_at: isQuiet ? null : ago(3),
        allowed_bytes: most,
      },
      limits: { max_time_ms: 30_000, connections: 200, batch_documents: 10_000 },
      connections: isQuiet ? 0 : 3,
      totals: isQuiet
        ? { operations: 0, errors: 0, refused: 0, bytes_in: 0, bytes_out: 0, slow: 0, milliseconds: 0 }
        : {
            operations: 1_204_311,
            errors: 41,
            refused: 3,
            bytes_in: 88_400_000,
            bytes_out: 912_000_000,
            slow: 2,
            milliseconds: 3_100_000,
          },
      latency: [
        ...BOUNDS.map((bound, index) => ({ up_to_ms: bound, count: isQuiet ? 0 : COUNTS[index] })),
        { up_to_ms: null, count: 0 },
      ],
      minutes: isQuiet
        ? minutes.map(({ at }) => ({ at, operations: 0, errors: 0, milliseconds: 0 }))
        : minutes,
      slow_commands: isQuiet
        ? []
        : [
            {
              at: ago(4),
              command: 'find',
              collection: 'clicks',
              fields: ['name', 'at'],
              milliseconds: 1840.2,
            },
            { at: ago(700), command: 'aggregate', collection: 'people', fields: [], milliseconds: 612 },
          ],
      offered:
        slug === 'click-tracker'
          ? { collections: ['clicks', 'people'], note: 'One document for each click, with who clicked.' }
          : { collections: [], note: '' },
      reads: grants.filter((one) => one.reader === slug).map((one) => this.read(one)),
      readers: grants.filter((one) => one.source === slug).map((one) => this.reader(one)),
    }
  }

  requests(): object {
    const waiting = grants.filter((one) => one.waiting.length > 0 && this.ref(one.source))
    return {
      items: waiting.map((one) => ({ app: this.ref(one.source), reader: this.reader(one) })),
      next_cursor: null,
    }
  }

  decide(slug: string, reader: string, collections: string[]): object {
    const found = this.find(slug, reader)
    Object.assign(found, {
      granted: collections,
      waiting: [],
      state: collections.length ? 'granted' : 'refused',
      decided_at: ago(0),
    })
    return this.reader(found)
  }

  takeBack(slug: string, reader: string): null {
    Object.assign(this.find(slug, reader), {
      granted: [],
      waiting: [],
      state: 'taken-back',
      decided_at: ago(0),
    })
    return null
  }

  allow(slug: string, bytes: number | null): object {
    if (bytes === null) allowed.delete(slug)
    else allowed.set(slug, bytes)
    return this.overview(slug)
  }

  private find(slug: string, reader: string): Grant {
    const found = grants.find((one) => one.source === slug && one.reader === reader)
    if (!found) throw new Error('The mock knows no such reader.')
    return found
  }

  private ref(slug: string): object | null {
    const app = this.apps.find((one) => one.slug === slug)
    return app ? { slug, name: app.name, icon: app.icon, url: app.url } : null
  }

  private read({ reader: _, source, ...rest }: Grant): object {
    return { ...rest, app: source, source: this.ref(source) }
  }

  private reader({ reader, source: _, ...rest }: Grant): object {
    return { ...rest, app: this.ref(reader), owner: person, decided_by: rest.decided_at ? person : null }
  }
}
