/** What one tab of this phone tells the others: that there is something new on the disk. Never what it is. */

export type News = 'queue' | 'cases' | 'account' | 'locked' | 'left'

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('guitu') : null

/** The other tabs may look. */
export function tell(news: News): void {
  channel?.postMessage(news)
}

/** Called with what another tab tells; gives what stops it. */
export function hear(told: (news: News) => void): () => void {
  const listen = ({ data }: MessageEvent<News>) => told(data)
  channel?.addEventListener('message', listen)
  return () => channel?.removeEventListener('message', listen)
}
