// What one can tell a rollout. What visitors feel is asked about first.
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { Button } from '../../ui/Button';
import { ButtonRow } from '../../ui/ButtonRow';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { ProblemNotice } from '../../ui/ProblemNotice';
import { useGateChanges } from './changes';
import { otherSlot, type Order, type Rollout } from './model';
import { isRunning, stageOf } from './phase';
import { stepsOf } from './plan';
import styles from './RolloutActions.module.css';
import { shareWords, slotName } from './words';

type Props = { service: string; rollout: Rollout; onDone: (said: string) => void };

export function RolloutActions(props: Props) {
  const { rollout } = props;
  const stage = stageOf(rollout.phase);
  if (isRunning(rollout)) return <WhileRunning {...props} />;
  if (stage.kind === 'completed' && stage.isWarm) {
    return (
      <ButtonRow>
        <Asked {...props} order="back" />
      </ButtonRow>
    );
  }
  return null;
}

function WhileRunning(props: Props) {
  const { service, rollout, onDone } = props;
  const { t } = useTranslation();
  const { order } = useGateChanges(service);
  const isPaused = rollout.paused != null;
  const word = isPaused ? 'resume' : 'pause';
  const names = useNames(rollout);
  const turn = useMutation({
    mutationFn: () => order(word),
    onSuccess: () => {
      onDone(t(`admin.releases.actions.done.${word}`, names));
    },
  });
  const mayPromote = 'at' in rollout.phase && !isPaused && rollout.blocked == null;
  return (
    <div className={styles.actions}>
      {turn.error && <ProblemNotice problem={Problem.from(turn.error)} />}
      <ButtonRow>
        {mayPromote && <Promote {...props} />}
        <Button
          pending={turn.isPending}
          pendingText={t(`admin.releases.actions.${isPaused ? 'resuming' : 'pausing'}`)}
          onClick={() => {
            turn.mutate();
          }}
        >
          {t(`admin.releases.actions.${word}`)}
        </Button>
        <Asked {...props} order="abort" />
      </ButtonRow>
    </div>
  );
}

function Promote({ service, rollout, onDone }: Props) {
  const { t, i18n } = useTranslation();
  const { order } = useGateChanges(service);
  const names = useNames(rollout);
  const stage = stageOf(rollout.phase);
  const step = stage.kind === 'at' ? stage.step : 0;
  const next = stepsOf(rollout.plan)[step + 1];
  const isProven = rollout.evidence
    .flatMap(({ rules }) => rules)
    .every(({ proof }) => proof?.is_proven !== false);
  const share = next && shareWords(next.share, i18n.language);
  return (
    <ConfirmedButton
      button={{ look: stage.kind === 'at' && stage.holding === 'gate' ? 'primary' : 'secondary' }}
      name={
        share === undefined
          ? t('admin.releases.actions.complete')
          : t('admin.releases.actions.promoteTo', { share })
      }
      title={t('admin.releases.actions.promoteTitle', names)}
      pendingText={t('admin.releases.actions.promoting')}
      run={() => order('promote')}
      onDone={() => {
        onDone(t('admin.releases.actions.done.promote', names));
      }}
    >
      <p>
        {share === undefined
          ? t('admin.releases.actions.completeText', names)
          : t('admin.releases.actions.promoteText', { ...names, share })}
      </p>
      {!isProven && <p>{t('admin.releases.actions.unproven', names)}</p>}
    </ConfirmedButton>
  );
}

const pending = { abort: 'aborting', back: 'goingBack' } as const;

type AskedProps = Props & { order: Extract<Order, 'abort' | 'back'> };

function Asked({ service, rollout, onDone, order: word }: AskedProps) {
  const { t } = useTranslation();
  const { order } = useGateChanges(service);
  const names = useNames(rollout);
  return (
    <ConfirmedButton
      danger
      name={t(`admin.releases.actions.${word}`, names)}
      title={t(`admin.releases.actions.${word}Title`, names)}
      pendingText={t(`admin.releases.actions.${pending[word]}`)}
      run={() => order(word)}
      onDone={() => {
        onDone(t(`admin.releases.actions.done.${word}`, names));
      }}
    >
      <p>{t(`admin.releases.actions.${word}Text`, names)}</p>
    </ConfirmedButton>
  );
}

function useNames({ candidate }: Rollout) {
  const { t } = useTranslation();
  return { slot: slotName(t, candidate), other: slotName(t, otherSlot(candidate)) };
}
