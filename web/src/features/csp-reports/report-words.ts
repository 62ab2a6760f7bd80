// What browsers call what they blocked, and what people call it.
import type { TFunction } from 'i18next';
import type { blockedEn } from '../../i18n/settings/audit-en';
import type { CspReport } from './model';

type What = keyof typeof blockedEn.what;

/** The server's word for everything beyond the kinds that it tells apart. */
const OTHERS = 'others';

const directives: [RegExp, What][] = [
  [/^script-src/, 'script'],
  [/^style-src/, 'style'],
  [/^img-src/, 'image'],
  [/^font-src/, 'font'],
  [/^media-src/, 'media'],
  [/^(frame|child|fenced-frame)-src/, 'frame'],
  [/^connect-src/, 'connection'],
  [/^worker-src/, 'worker'],
  [/^form-action/, 'form'],
  [/^base-uri/, 'base'],
  [/^frame-ancestors/, 'embedding'],
  [/^manifest-src/, 'manifest'],
  [/^object-src/, 'plugin'],
  [/trusted-types/, 'markup'],
  [/^others$/, 'others'],
];

export function whatOf(directive: string): What {
  return directives.find(([pattern]) => pattern.test(directive))?.[1] ?? 'something';
}

export const isOthers = ({ directive }: CspReport) => directive === OTHERS;

const isExtension = (place: string) => /^[a-z-]+-extension:/.test(place);

/** Extensions do things to every page; they are nobody's mistake here. */
export const isOfExtension = ({ source }: CspReport) => isExtension(source);

/** How things are written that have no address. */
const unaddressed: ReadonlyMap<string, 'inline' | 'eval' | 'wasm' | 'data'> = new Map([
  ['inline', 'inline'],
  ['eval', 'eval'],
  ['wasm-eval', 'wasm'],
  ['data:', 'data'],
  ['blob:', 'data'],
]);

/** Of the others a browser tells at most which page it was, and that is known. */
const addressed: Partial<Record<What, 'from' | 'to'>> = {
  script: 'from',
  style: 'from',
  image: 'from',
  font: 'from',
  media: 'from',
  frame: 'from',
  worker: 'from',
  manifest: 'from',
  plugin: 'from',
  something: 'from',
  connection: 'to',
  form: 'to',
};

/** "An image from https://example.org", as far as it is known. */
export function reportWords(t: TFunction, { directive, blocked }: CspReport): string {
  const kind = whatOf(directive);
  const what = t(`admin.blocked.what.${kind}`);
  const way = addressed[kind];
  if (way === undefined || blocked === '') return what;
  const how = isExtension(blocked) ? 'extension' : unaddressed.get(blocked);
  const where =
    how === undefined
      ? t(`admin.blocked.blocked.${way}`, { place: blocked })
      : t(`admin.blocked.blocked.${how}`);
  return `${what} ${where}`;
}

/** Where the script stands that tried it. */
export function sourceWords(t: TFunction, { source, line }: CspReport): string | undefined {
  const hasLine = line != null;
  if (source === '') return hasLine ? t('admin.blocked.detail.line', { line }) : undefined;
  return hasLine ? t('admin.blocked.detail.sourceLine', { source, line }) : source;
}
