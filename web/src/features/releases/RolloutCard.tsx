// A rollout: what happens now, its steps, what the judges know, and what one can tell it.
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { Notice } from '../../ui/Notice';
import { EvidenceTables } from './EvidenceTable';
import { otherSlot, type Rollout } from './model';
import { isRunning, stageOf } from './phase';
import { reasonWords } from './event-words';
import { RolloutActions } from './RolloutActions';
import styles from './RolloutCard.module.css';
import { Steps } from './Steps';
import { dateAndTime, shareWords, slotName } from './words';

type Props = { service: string; rollout: Rollout; onDone: (said: string) => void };

export function RolloutCard({ service, rollout, onDone }: Props) {
  const { t } = useTranslation();
  const { candidate, evidence, plan } = rollout;
  const stage = stageOf(rollout.phase);
  const isOver = stage.kind === 'rolledBack' || stage.kind === 'aborted';
  return (
    <Card title={t('admin.releases.rollout.title', { slot: slotName(t, candidate) })}>
      <Now rollout={rollout} />
      {!isOver && <Steps rollout={rollout} />}
      {plan.manual && isRunning(rollout) && (
        <p className={styles.hint}>{t('admin.releases.rollout.manual')}</p>
      )}
      <RolloutActions service={service} rollout={rollout} onDone={onDone} />
      {'at' in rollout.phase && <EvidenceTables evidence={evidence} candidate={candidate} />}
    </Card>
  );
}

/** In a sentence, and what stands in the way. */
function Now({ rollout }: { rollout: Rollout }) {
  const { t, i18n } = useTranslation();
  const { candidate, paused, blocked } = rollout;
  const names = { slot: slotName(t, candidate), other: slotName(t, otherSlot(candidate)) };
  return (
    <div className={styles.now}>
      <p role="status">{useNowWords(rollout)}</p>
      {paused && (
        <Notice kind="info">
          <p>{t('admin.releases.rollout.paused', { ...names, by: paused.by })}</p>
        </Notice>
      )}
      {blocked && (
        <Notice kind="bad" title={t('admin.releases.rollout.blockedTitle', names)}>
          <p>{reasonWords(t, blocked, candidate, i18n.language)}</p>
          <p>{t('admin.releases.rollout.blocked', names)}</p>
        </Notice>
      )}
    </div>
  );
}

function useNowWords({ candidate, weight, phase }: Rollout): string {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const stage = stageOf(phase);
  const slot = slotName(t, candidate);
  if (stage.kind === 'at') {
    const share = shareWords(weight, language);
    return t(`admin.releases.rollout.now.${stage.holding}`, { slot, share });
  }
  if (stage.kind === 'completed') {
    if (!stage.isWarm) return t('admin.releases.rollout.now.completed', { slot });
    const until = dateAndTime(stage.warmUntil, language);
    return t('admin.releases.rollout.now.warm', { slot, until });
  }
  if (stage.kind === 'aborted') {
    return t('admin.releases.rollout.now.aborted', { slot, by: stage.by });
  }
  if ('rolled_back' in phase) {
    const why = reasonWords(t, phase.rolled_back.reason, candidate, language);
    return `${t('admin.releases.rollout.now.rolledBack', { slot })} ${why}`;
  }
  return t('admin.releases.rollout.now.checking', { slot });
}
