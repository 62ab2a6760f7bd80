// What both releases do, as charts that are looked at together, and as a table.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../../ui/Card';
import { ChoiceGroup } from '../../../ui/ChoiceGroup';
import { FoldButton } from '../../../ui/FoldButton';
import { Loaded } from '../../../ui/Loaded';
import type { Moment } from '../model';
import { seriesQuery } from '../queries';
import { clock, millis, percent, rate, slotName } from '../words';
import { Chart, type Measure } from './Chart';
import { pieces as piecesOf, type Piece, type Range } from './series';
import styles from './Traffic.module.css';
import { TrafficTable } from './TrafficTable';

type Props = { service: string; moving: boolean };

export function Traffic({ service, moving }: Props) {
  const { t } = useTranslation();
  const [range, setRange] = useState<Range>('minutes');
  const query = useQuery(seriesQuery(useQueryClient(), service, range, moving));
  return (
    <Card title={t('admin.releases.traffic.title')}>
      <ChoiceGroup
        label={t('admin.releases.traffic.range')}
        choices={(['minutes', 'day'] as const).map((value) => ({
          value,
          label: t(`admin.releases.traffic.${value}`),
        }))}
        value={range}
        onChoose={setRange}
      />
      <Loaded query={query}>{(moments) => <Charts moments={moments} range={range} />}</Loaded>
    </Card>
  );
}

function Charts({ moments, range }: { moments: readonly Moment[]; range: Range }) {
  const { t } = useTranslation();
  const measures = useMeasures();
  const [pointed, setPointed] = useState<number>();
  const pieces = piecesOf(moments, range);
  const cursor = Math.min(pointed ?? Infinity, pieces.length - 1);
  if (pieces.length === 0) {
    return <p className={styles.empty}>{t('admin.releases.traffic.empty')}</p>;
  }
  return (
    <>
      <div className={styles.charts}>
        {measures.map((measure) => (
          <Chart
            key={measure.name}
            measure={measure}
            pieces={pieces}
            range={range}
            cursor={cursor}
            onPoint={setPointed}
          />
        ))}
      </div>
      <Scrubber pieces={pieces} cursor={cursor} measures={measures} onChoose={setPointed} />
      <AsTable moments={moments} range={range} />
    </>
  );
}

type ScrubberProps = {
  pieces: readonly Piece[];
  cursor: number;
  measures: readonly Measure[];
  onChoose: (index: number | undefined) => void;
};

/** The moment that is looked at, for keys and fingers, and in words for those who do not see the lines. */
function Scrubber({ pieces, cursor, measures, onChoose }: ScrubberProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const piece = pieces[cursor];
  const last = pieces.length - 1;
  const time = piece ? clock(new Date(piece.at).toISOString(), i18n.language, true) : '';
  const said = piece ? [time, ...measures.map((measure) => told(measure, piece))].join('. ') : '';
  function told({ name, of, say }: Measure, { blue, green }: Piece): string {
    const arms = Object.entries({ blue: of(blue), green: of(green) } as const);
    const values = arms.map(([slot, value]) =>
      t('admin.releases.traffic.value', {
        slot: slotName(t, slot as 'blue' | 'green'),
        value: value === undefined ? t('admin.releases.traffic.nothing') : say(value),
      }),
    );
    return t('admin.releases.traffic.chart', { name, values: values.join(', ') });
  }
  return (
    <div className={styles.scrubber}>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        value={cursor}
        aria-valuetext={said}
        onChange={(event) => {
          const chosen = Number(event.target.value);
          onChoose(chosen === last ? undefined : chosen);
        }}
      />
      <p className={styles.moment}>
        <label htmlFor={id}>{t('admin.releases.traffic.moment')}</label>
        <span className={styles.time}>
          {cursor === last
            ? t('admin.releases.traffic.latest')
            : t('admin.releases.traffic.at', { time })}
        </span>
      </p>
    </div>
  );
}

function AsTable({ moments, range }: { moments: readonly Moment[]; range: Range }) {
  const { t } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.table}>
      <div className={styles.fold}>
        <FoldButton
          open={open}
          controls={id}
          onToggle={() => {
            setOpen(!open);
          }}
        >
          {t('admin.releases.traffic.table')}
        </FoldButton>
      </div>
      {open && (
        <div id={id}>
          <TrafficTable moments={moments} range={range} />
        </div>
      )}
    </div>
  );
}

function useMeasures(): Measure[] {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return [
    {
      name: t('admin.releases.traffic.requests'),
      of: (arm) => arm.rate,
      say: (value) => t('admin.releases.traffic.perSecond', { value: rate(value, language) }),
      least: 1,
    },
    {
      name: t('admin.releases.traffic.errors'),
      of: (arm) => arm.errors,
      say: (value) => percent(value, language),
      least: 0.02,
      most: 1,
    },
    {
      name: t('admin.releases.traffic.p95'),
      of: (arm) => arm.p95,
      say: (value) => t('admin.releases.traffic.millis', { value: millis(value, language) }),
      least: 10,
    },
  ];
}
