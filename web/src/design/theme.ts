/** Light, dark, or as the phone says. */

import { ref } from 'vue'

import { keepState, stateOf } from '../local/database.ts'

export type Theme = 'system' | 'light' | 'dark'

export const theme = ref<Theme>('system')

export async function loadTheme(): Promise<void> {
  turnTo('system')
  turnTo((await stateOf<Theme>('theme')) ?? 'system')
}

export async function chooseTheme(chosen: Theme): Promise<void> {
  turnTo(chosen)
  await keepState('theme', chosen)
}

const night = matchMedia('(prefers-color-scheme: dark)')
night.addEventListener('change', () => turnTo(theme.value))

function turnTo(chosen: Theme): void {
  theme.value = chosen
  const isDark = chosen === 'dark' || (chosen === 'system' && night.matches)
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
}
