// What happened at the gate, in words: what, and what else one should know.
import type { TFunction } from 'i18next';
import { findingWords } from './finding-words';
import { otherSlot, type Evidence, type GateEvent, type Reason, type Slot } from './model';
import type { What, Why } from './model';
import { clock, dateAndTime, shareWords, slotName } from './words';

export type EventWords = {
  title: string;
  facts: string[];
  tone: 'calm' | 'bad';
  /** What it was decided by, about which slot. */
  evidence: readonly Evidence[];
  candidate?: Slot;
};

export function eventWords(t: TFunction, event: GateEvent, language: string): EventWords {
  if ('decided' in event) {
    const { candidate, what, evidence } = event.decided;
    return { ...whatWords(t, what, candidate, language), evidence, candidate };
  }
  const by = (name: string) => t('admin.releases.history.by', { by: name });
  const until = (at: string) => t('admin.releases.history.until', { until: at });
  if ('closed' in event) {
    const { by: name, until: end } = event.closed;
    const facts = [by(name), ...(end == null ? [] : [until(dateAndTime(end, language))])];
    return calm(t('admin.releases.history.closed'), facts);
  }
  if ('paused' in event) {
    const { by: name, until: end } = event.paused;
    return calm(t('admin.releases.history.held'), [by(name), until(clock(end, language, true))]);
  }
  if ('untold' in event) {
    const record = t('admin.releases.history.untoldRecord', event.untold);
    return calm(t('admin.releases.history.untold'), [record]);
  }
  const { by: name } = event.reopened;
  const who = name == null ? t('admin.releases.history.timeOver') : by(name);
  return calm(t('admin.releases.history.reopened'), [who]);
}

function calm(title: string, facts: string[]): EventWords {
  return { title, facts, tone: 'calm', evidence: [] };
}

type Words = Pick<EventWords, 'title' | 'facts' | 'tone'>;

function whatWords(t: TFunction, what: What, candidate: Slot, language: string): Words {
  const names = { slot: slotName(t, candidate), other: slotName(t, otherSlot(candidate)) };
  const share = (weight: number) => shareWords(weight, language);
  const by = (name: string) => t('admin.releases.history.by', { by: name });
  const told = (title: string, ...facts: string[]): Words => ({ title, facts, tone: 'calm' });
  const badly = (title: string, ...facts: string[]): Words => ({ title, facts, tone: 'bad' });
  if (what === 'let_go') return told(t('admin.releases.history.letGo', names));
  if ('began' in what) return told(t('admin.releases.history.began', names), by(what.began.by));
  if ('weight' in what) {
    const { from, to, why } = what.weight;
    const before = t('admin.releases.history.weightFrom', { from: share(from) });
    const title = t('admin.releases.history.weight', { ...names, to: share(to) });
    return told(title, whyWords(t, why), before);
  }
  if ('holding' in what) {
    return told(t('admin.releases.history.holding', { ...names, at: share(what.holding.at) }));
  }
  if ('gate' in what) {
    return told(t('admin.releases.history.gate', { ...names, at: share(what.gate.at) }));
  }
  if ('probing' in what) {
    const counts = t('admin.releases.history.probingCount', what.probing);
    return told(t('admin.releases.history.probing', names), counts);
  }
  if ('paused' in what) return told(t('admin.releases.history.paused'), by(what.paused.by));
  if ('resumed' in what) return told(t('admin.releases.history.resumed'), by(what.resumed.by));
  if ('blocked' in what) {
    const why = reasonWords(t, what.blocked.reason, candidate, language);
    return badly(t('admin.releases.history.blocked', names), why);
  }
  if ('rolled_back' in what) {
    const { from, reason } = what.rolled_back;
    const title = t('admin.releases.history.rolledBack', { ...names, from: share(from) });
    return badly(title, reasonWords(t, reason, candidate, language));
  }
  if ('completed' in what) {
    const { warm_until: warm, why } = what.completed;
    const until = { until: dateAndTime(warm, language) };
    const back = t('admin.releases.history.completedUntil', until);
    return told(t('admin.releases.history.completed', names), whyWords(t, why), back);
  }
  const { from, by: name } = what.aborted;
  return told(t('admin.releases.history.aborted', { from: share(from) }), by(name));
}

function whyWords(t: TFunction, why: Why): string {
  if (why === 'healthy') return t('admin.releases.history.why.healthy');
  if ('proven' in why) {
    const isOurs = why.proven.by === 'probes';
    return t(`admin.releases.history.why.${isOurs ? 'provenByProbes' : 'proven'}`);
  }
  const { by, is_proven: isProven } = why.promoted;
  return t(`admin.releases.history.why.${isProven ? 'promoted' : 'promotedUnproven'}`, { by });
}

/** Why a release is, or should be, taken back. */
export function reasonWords(
  t: TFunction,
  reason: Reason,
  candidate: Slot,
  language: string,
): string {
  if (typeof reason === 'string') return t(`admin.releases.history.reason.${reason}`);
  if ('found' in reason) return findingWords(t, reason.found, candidate, language);
  return t('admin.releases.history.reason.ordered', { by: reason.ordered.by });
}
