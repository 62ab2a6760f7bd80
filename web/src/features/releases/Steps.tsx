// The steps of a rollout, each with how far it has come. The check comes first, the soak last.
import { useTranslation } from 'react-i18next';
import { CheckIcon } from '../../ui/icons';
import { cx } from '../../ui/cx';
import { Bar } from './Bar';
import type { Rollout } from './model';
import { stageOf, type Stage } from './phase';
import { parsePeriod, stepsOf, type Step } from './plan';
import styles from './Steps.module.css';
import { holdWords, shareWords } from './words';

const DEFAULT_CHECK = 10;

type State = 'done' | 'current' | 'next';

export function Steps({ rollout: { plan, phase, candidate } }: { rollout: Rollout }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const stage = stageOf(phase);
  const steps = stepsOf(plan);
  const check = parsePeriod(plan.check) ?? DEFAULT_CHECK;
  const at = currentStep(stage, steps);
  return (
    <ol className={styles.steps} aria-label={t('admin.releases.rollout.steps')}>
      <StepItem
        name={t('admin.releases.rollout.check')}
        what={t('admin.releases.rollout.checkHold', { hold: holdWords(check, language) })}
        state={stateOf(-1, at)}
        {...(stage.kind === 'checking' && { held: stage.healthy })}
        hold={check}
        tone={candidate}
      />
      {steps.map(({ share, hold }, index) => (
        <StepItem
          key={share}
          name={t('admin.releases.rollout.step', { share: shareWords(share, language) })}
          what={t(
            index === steps.length - 1
              ? 'admin.releases.rollout.soakHold'
              : 'admin.releases.rollout.stepHold',
            { hold: holdWords(hold, language) },
          )}
          state={stateOf(index, at)}
          {...(stage.kind === 'at' && stage.step === index && { held: stage.held })}
          hold={hold}
          tone={candidate}
        />
      ))}
    </ol>
  );
}

/** Which step it is at, from -1 for the check; behind the last when it is completed, none when it was ended. */
function currentStep(stage: Stage, steps: readonly Step[]): number | undefined {
  if (stage.kind === 'checking') return -1;
  if (stage.kind === 'at') return stage.step;
  return stage.kind === 'completed' ? steps.length : undefined;
}

function stateOf(index: number, at: number | undefined): State {
  if (at === undefined || index > at) return 'next';
  return index < at ? 'done' : 'current';
}

type ItemProps = {
  name: string;
  what: string;
  state: State;
  held?: number;
  hold: number;
  tone: 'blue' | 'green';
};

function StepItem({ name, what, state, held, hold, tone }: ItemProps) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const part = state === 'done' ? 1 : held === undefined ? 0 : hold > 0 ? held / hold : 1;
  return (
    <li
      className={cx(styles.step, styles[state])}
      aria-current={state === 'current' ? 'step' : undefined}
    >
      <p className={styles.name}>
        {name}
        {state === 'done' && <CheckIcon />}
        <span className="visually-hidden">, {t(`admin.releases.rollout.${state}`)}</span>
      </p>
      <Bar part={part} tone={tone} />
      <p className={styles.what}>
        {held === undefined
          ? what
          : t('admin.releases.rollout.progress', {
              held: holdWords(Math.min(held, hold), language),
              hold: holdWords(hold, language),
            })}
      </p>
    </li>
  );
}
