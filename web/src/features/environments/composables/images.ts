import type { ContainerImage, ImageJob } from '@/api/types'

/** One name of an image: what can be removed, and named by a template. */
export interface NamedImage {
  name: string
  image: ContainerImage
  /** What else the same image is called. */
  others: string[]
}

/** Every name that an image here has, in order; the same image may have several. */
export function namedImages(images: ContainerImage[]): NamedImage[] {
  return images
    .flatMap((image) =>
      image.names.map((name) => ({ name, image, others: image.names.filter((other) => other !== name) })),
    )
    .sort((a, b) => a.name.localeCompare(b.name))
}

export const isOver = ({ state }: ImageJob): boolean => state === 'done' || state === 'failed'

/** What work on an image is doing, in a sentence. */
export function jobText(job: ImageJob): string {
  const isBuild = job.kind === 'image-build'
  if (job.state === 'queued') return 'Waiting for a worker…'
  if (job.state === 'done') return isBuild ? 'Built.' : 'Fetched.'
  if (job.state === 'failed') return job.reason ?? 'It failed.'
  if (!job.progress) return isBuild ? 'Building…' : 'Fetching…'
  const { text } = job.progress
  return isBuild ? `Building: ${text}` : `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

export const CONTAINERFILE = `FROM registry.example.org/team/base:1
RUN install-what-you-need
`
