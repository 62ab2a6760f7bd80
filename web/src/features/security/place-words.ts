// "Firefox on Linux", as far as it is known.
import type { TFunction } from 'i18next';

type Place = { browser?: string | null; system?: string | null };

export function placeWords(t: TFunction, place: Place): string | undefined {
  const browser = known(place.browser);
  const system = known(place.system);
  if (browser !== undefined && system !== undefined) {
    return t('settings.sessions.where', { browser, system });
  }
  return browser ?? system;
}

function known(name: string | null | undefined): string | undefined {
  return name == null || /^(unknown)?$/i.test(name.trim()) ? undefined : name;
}
