// Beginning a rollout: the steps, how long each is held, and who decides.
import { useTranslation } from 'react-i18next';
import * as v from 'valibot';
import { Card } from '../../ui/Card';
import { CheckField } from '../../ui/form/CheckField';
import { Form } from '../../ui/form/Form';
import { TextField } from '../../ui/form/TextField';
import { useForm } from '../../ui/form/useForm';
import { useGateChanges } from './changes';
import { otherSlot, type Service } from './model';
import { planMistakes, planOf, stepsOf, type PlanText } from './plan';
import styles from './StartRollout.module.css';
import { holdWords, shareWords, slotName } from './words';

type Values = PlanText & { manual: string };

const texts = { steps: v.string(), holds: v.string(), soak: v.string(), manual: v.string() };

/** The fields depend on each other: how many times there may be says the number of steps. */
const schema = v.pipe(
  v.object(texts),
  v.rawCheck(({ dataset: { typed, value: input }, addIssue }) => {
    if (!typed) return;
    for (const [key, message] of Object.entries(planMistakes(input))) {
      const value = input[key as keyof PlanText];
      addIssue({ message, path: [{ type: 'object', origin: 'value', input, key, value }] });
    }
  }),
);

type Props = { service: Service; onDone: (said: string) => void };

export function StartRollout({ service: { name, live, slots }, onDone }: Props) {
  const { t } = useTranslation();
  const to = otherSlot(live);
  const slot = slotName(t, to);
  const hasTargets = slots.some((view) => view.slot === to && view.targets.length > 0);
  const title = t('admin.releases.start.title', { slot });
  if (!hasTargets) {
    return (
      <Card title={title}>
        <p className={styles.hint}>{t('admin.releases.start.noTargets', { slot })}</p>
      </Card>
    );
  }
  return (
    <Card title={title} hint={t('admin.releases.start.hint', { slot })}>
      <div className={styles.form}>
        <PlanForm key={`${name} ${to}`} service={name} to={to} onDone={onDone} />
      </div>
    </Card>
  );
}

type FormProps = { service: string; to: 'blue' | 'green'; onDone: (said: string) => void };

function PlanForm({ service, to, onDone }: FormProps) {
  const { t } = useTranslation();
  const { start } = useGateChanges(service);
  const form = useForm<Values>({
    schema,
    initial: { steps: '10, 50, 100', holds: '', soak: '15m', manual: '' },
    send: async ({ manual, ...plan }) => {
      await start({ to, plan: planOf(plan, manual === 'yes') });
      onDone(t('admin.releases.actions.done.start', { slot: slotName(t, to) }));
    },
  });
  const manual = form.field('manual');
  return (
    <Form
      form={form}
      submit={t('admin.releases.start.submit')}
      pendingText={t('admin.releases.start.pending')}
    >
      <TextField
        {...form.field('steps')}
        label={t('admin.releases.start.steps')}
        hint={t('admin.releases.start.stepsHint')}
        autoComplete="off"
      />
      <TextField
        {...form.field('holds')}
        label={t('admin.releases.start.holds')}
        hint={t('admin.releases.start.holdsHint')}
        autoComplete="off"
      />
      <TextField
        {...form.field('soak')}
        label={t('admin.releases.start.soak')}
        hint={t('admin.releases.start.soakHint')}
        autoComplete="off"
      />
      <CheckField
        label={t('admin.releases.start.manual')}
        hint={t('admin.releases.start.manualHint')}
        checked={manual.value === 'yes'}
        onChange={(checked) => {
          manual.onChange(checked ? 'yes' : '');
        }}
      />
      <Preview plan={form.values} />
    </Form>
  );
}

/** The whole plan in a line, as soon as it makes sense. */
function Preview({ plan }: { plan: PlanText }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  if (Object.keys(planMistakes(plan)).length > 0) return null;
  const words = stepsOf(planOf(plan, false)).map(({ share, hold }) =>
    t('admin.releases.start.previewStep', {
      share: shareWords(share, language),
      hold: holdWords(hold, language),
    }),
  );
  const steps = [t('admin.releases.start.previewCheck'), ...words].join(' → ');
  return <p className={styles.preview}>{t('admin.releases.start.preview', { steps })}</p>;
}
