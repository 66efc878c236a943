/** A photo drawn anew: smaller, upright, and without anything that travelled in the file, such as the place. */

import { MOST_BYTES, triesFor } from '../rules/pictures.ts'

/** The phone cannot open it as a picture. */
export class NoPicture extends Error {}

/** As JPEG of at most 1600 pixels and 400 KB. Throws NoPicture. */
export async function redrawn(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const picture = await decoded(file)
  try {
    for (const each of triesFor(picture.width, picture.height)) {
      const drawn = await drawnAs(picture, each.width, each.height, each.quality)
      if (drawn.size <= MOST_BYTES) return new Uint8Array(await drawn.arrayBuffer())
    }
  } finally {
    if ('close' in picture) picture.close()
  }
  throw new NoPicture('too large')
}

async function drawnAs(picture: CanvasImageSource, width: number, height: number, quality: number): Promise<Blob> {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const pen = canvas.getContext('2d')
  if (!pen) throw new NoPicture('no canvas')
  pen.fillStyle = 'white' // behind what is transparent
  pen.fillRect(0, 0, width, height)
  pen.drawImage(picture, 0, 0, width, height)
  return new Promise((done, fail) => {
    canvas.toBlob((drawn) => (drawn ? done(drawn) : fail(new NoPicture('no JPEG'))), 'image/jpeg', quality)
  })
}

/** Turned as it was taken; a browser before 2021 needs an image for that. */
async function decoded(file: Blob): Promise<ImageBitmap | HTMLImageElement> {
  if (typeof createImageBitmap === 'function') {
    const opened = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null)
    if (opened) return opened
  }
  const url = URL.createObjectURL(file)
  const image = new Image()
  image.src = url
  try {
    await image.decode()
    return image
  } catch {
    throw new NoPicture('not opened')
  } finally {
    URL.revokeObjectURL(url)
  }
}
