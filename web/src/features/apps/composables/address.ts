/** The address that an app would have with another slug. */
export function addressWith(app: { slug: string; url: string }, slug: string): string {
  return app.url.replace(`//${app.slug}.`, () => `//${slug}.`)
}
