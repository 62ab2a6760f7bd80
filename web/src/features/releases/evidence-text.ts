// Evidence and findings as the audit log has kept them, in one piece of text. What is kept there may be of another
// version than this page, and its fractions are text; whatever does not fit is told as it is.
import i18next, { type TFunction } from 'i18next';
import * as v from 'valibot';
import { findingWords } from './finding-words';
import type { Finding, Slot } from './model';
import { countWords, percent } from './words';

const fraction = v.union([v.number(), v.pipe(v.string(), v.transform(Number), v.finite())]);
const figures = v.object({ requests: v.number(), bad: v.number() });
const both = v.object({ candidate: figures, incumbent: figures });
const rule = v.picklist(['errors', 'unauthorized', 'slow', 'more_errors', 'slower', 'pool']);

const evidenceSchema = v.array(
  v.object({
    rules: v.array(
      v.object({
        rule,
        step: both,
        to_firing: fraction,
        proof: v.nullish(v.object({ progress: fraction })),
      }),
    ),
  }),
);

const pool = v.object({ used: v.number(), size: v.number() });
const findingSchema = v.object({
  stream: v.picklist(['visitors', 'probes']),
  rule,
  allowed: fraction,
  grounds: v.union([
    v.object({
      requests: v.object({
        seconds: v.number(),
        lately: both,
        step: both,
        log10_evidence: fraction,
      }),
    }),
    v.object({ pool: v.object({ looks: v.array(pool) }) }),
  ]),
}) satisfies v.GenericSchema<unknown, Finding>;

type Kept = v.InferOutput<typeof evidenceSchema>[number]['rules'][number];

export function evidenceText(t: TFunction, value: unknown, candidate: unknown): string {
  const { language } = i18next;
  const evidence = v.safeParse(evidenceSchema, value);
  if (evidence.success) {
    const rules = evidence.output.flatMap((one) => one.rules);
    return rules.map((kept) => ruleText(t, kept, language)).join(' · ');
  }
  const finding = v.safeParse(findingSchema, value);
  const slot: Slot = candidate === 'blue' ? 'blue' : 'green';
  if (finding.success) return findingWords(t, finding.output, slot, language);
  return JSON.stringify(value);
}

function ruleText(t: TFunction, { rule: name, step, to_firing, proof }: Kept, language: string) {
  const words = [
    `${t(`admin.releases.rule.${name}`)}: ${countWords(t, step.candidate, language)}`,
    `${t('admin.releases.evidence.against')} ${percent(to_firing, language)}`,
  ];
  if (proof)
    words.push(`${t('admin.releases.evidence.proven')} ${percent(proof.progress, language)}`);
  return words.join(', ');
}
