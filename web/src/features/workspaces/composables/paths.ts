/** Paths in a workspace are percent-encoded, as names may hold any bytes; the hub gives and takes them so. */

export const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))

export const join = (folder: string, path: string) => (folder ? `${folder}/${path}` : path)

/** Encode what somebody typed, or what a file is called on their machine. */
export const encodePath = (text: string) =>
  text
    .split('/')
    .filter((name) => name !== '')
    .map(encodeURIComponent)
    .join('/')

/** Decode a path to be typed over; one that is no text stays as it is. */
export function decodePath(path: string): string {
  try {
    return path
      .split('/')
      .map((name) => decodeURIComponent(name))
      .join('/')
  } catch {
    return path
  }
}

/** The folders that lead to a path, outermost first. */
export function crumbs(path: string): { name: string; path: string }[] {
  const names = path ? path.split('/') : []
  return names.map((name, index) => ({ name: decodePath(name), path: names.slice(0, index + 1).join('/') }))
}

const PICTURES = /\.(png|jpe?g|gif|webp|avif|bmp|svg)$/i
export const isPicture = (name: string) => PICTURES.test(name)

export const contentUrl = (workspaceId: string, path: string, etag?: string) =>
  `/api/v1/workspaces/${workspaceId}/files/content?path=${encodeURIComponent(path)}` +
  (etag ? `&v=${encodeURIComponent(etag)}` : '')

export const zipUrl = (workspaceId: string, path: string) =>
  `/api/v1/workspaces/${workspaceId}/files/zip?path=${encodeURIComponent(path)}`
