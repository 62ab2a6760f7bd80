// Light, dark, or whatever the system says. public/theme.js applies it before first paint.
import { useSyncExternalStore } from 'react';
import { recall, remember } from './preference';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const STORED_AS = 'mainstay.theme';
const listeners = new Set<() => void>();
let current: Theme = isTheme(recall(STORED_AS)) ? (recall(STORED_AS) as Theme) : 'system';

export function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value);
}

export function chooseTheme(theme: Theme): void {
  current = theme;
  remember(STORED_AS, theme);
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const notify of listeners) notify();
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => current);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
