// Both slots beside each other: who is there, how they are, and which share of the visitors they get.
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge';
import { Bar } from './Bar';
import type { Service, SlotView } from './model';
import { isRunning, stageOf } from './phase';
import styles from './SlotCards.module.css';
import { SlotMark } from './SlotMark';
import { shareWords, slotName } from './words';

export function SlotCards({ service }: { service: Service }) {
  const { t } = useTranslation();
  return (
    <section className={styles.slots} aria-label={t('admin.releases.slots.title')}>
      {service.slots.map((view) => (
        <SlotCard key={view.slot} service={service} view={view} />
      ))}
    </section>
  );
}

function SlotCard({ service, view }: { service: Service; view: SlotView }) {
  const { t, i18n } = useTranslation();
  const { slot, weight } = view;
  const name = slotName(t, slot);
  return (
    <article className={styles.card}>
      <header className={styles.head}>
        <h2 className={styles.name}>
          <SlotMark slot={slot} />
          {name}
        </h2>
        <Role service={service} view={view} />
      </header>
      <div className={styles.share}>
        <p>
          <strong className={styles.number}>{shareWords(weight, i18n.language)}</strong>{' '}
          {t('admin.releases.slots.share')}
        </p>
        <Bar part={weight / 100} tone={slot} />
      </div>
      <Targets view={view} />
    </article>
  );
}

function Role({
  service: { live, rollout },
  view: { slot },
}: {
  service: Service;
  view: SlotView;
}) {
  const { t } = useTranslation();
  if (isRunning(rollout) && rollout.candidate === slot) {
    return <Badge tone="accent">{t('admin.releases.slots.trial')}</Badge>;
  }
  if (live === slot) return <Badge tone="good">{t('admin.releases.slots.live')}</Badge>;
  const stage = rollout ? stageOf(rollout.phase) : undefined;
  const isWarm = stage?.kind === 'completed' && stage.isWarm;
  return isWarm ? <Badge>{t('admin.releases.slots.warm')}</Badge> : null;
}

const tones = {
  working: 'good',
  starting: 'neutral',
  warming: 'neutral',
  left_alone: 'bad',
  broken: 'bad',
} as const;

function Targets({ view: { slot, targets } }: { view: SlotView }) {
  const { t } = useTranslation();
  if (targets.length === 0) {
    return <p className={styles.none}>{t('admin.releases.slots.noTargets')}</p>;
  }
  return (
    <ul
      className={styles.targets}
      aria-label={t('admin.releases.slots.targets', { slot: slotName(t, slot) })}
    >
      {targets.map(({ address, condition, under_way: count }) => (
        <li key={address} className={styles.target}>
          <code>{address}</code>
          <Badge tone={tones[condition]}>{t(`admin.releases.condition.${condition}`)}</Badge>
          {count > 0 && (
            <span className={styles.busy}>{t('admin.releases.slots.underWay', { count })}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
