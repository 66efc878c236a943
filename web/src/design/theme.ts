/** Light, dark, or as the phone says. */

import { ref } from 'vue'

import { keepState, stateOf } from '../local/database.ts'

export type Theme = 'system' | 'light' | 'dark'

export const theme = ref<Theme>('system')

export async function loadTheme(): Promise<void> {
  turnTo((await stateOf<Theme>('theme')) ?? 'system')
}

export async function chooseTheme(chosen: Theme): Promise<void> {
  turnTo(chosen)
  await keepState('theme', chosen)
}

function turnTo(chosen: Theme): void {
  theme.value = chosen
  if (chosen === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
}
