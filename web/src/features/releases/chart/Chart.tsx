// One measure of both arms over time. Blue is a whole line, green a broken one.
import { useId, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { SlotMark } from '../SlotMark';
import { clock, slotName } from '../words';
import styles from './Chart.module.css';
import { HEIGHT, line, nearest, place, span, top, WIDTH } from './lines';
import { ranges, type Arm, type Piece, type Range } from './series';

const slots = ['blue', 'green'] as const;

export type Measure = {
  name: string;
  of: (arm: Arm) => number | undefined;
  /** A value in words. */
  say: (value: number) => string;
  /** So much the chart shows at the least: else noise would look like mountains. */
  least: number;
  most?: number;
};

type Props = {
  measure: Measure;
  pieces: readonly Piece[];
  range: Range;
  /** Which piece is looked at. */
  cursor: number;
  onPoint: (index: number | undefined) => void;
};

export function Chart({ measure, pieces, range, cursor, onPoint }: Props) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const { name, of, say, least, most = Infinity } = measure;
  const time = span(pieces, range);
  const values = slots.flatMap((slot) => pieces.map((piece) => of(piece[slot])));
  const ceiling = Math.min(top(values, least), most);
  const looked = pieces[cursor];
  const words = slots.map((slot) => {
    const value = looked && of(looked[slot]);
    return { slot, value: value === undefined ? '–' : say(value) };
  });
  const middle = new Date((time[0] + time[1]) / 2);
  const at = (moment: Date) => clock(moment.toISOString(), i18n.language);
  return (
    <figure className={styles.chart} aria-labelledby={id}>
      <figcaption className={styles.head} id={id}>
        <span className={styles.name}>{name}</span>
        <span className={styles.values}>
          {words.map(({ slot, value }) => (
            <span key={slot} className={styles.value}>
              <SlotMark slot={slot} />
              <span className="visually-hidden">{slotName(t, slot)}</span> {value}
            </span>
          ))}
        </span>
      </figcaption>
      <div className={styles.field}>
        <Scale ticks={[ceiling, ceiling / 2, 0].map(say)} />
        <svg
          className={styles.plot}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          focusable="false"
          onPointerMove={(event) => {
            onPoint(nearest(pieces, pointed(event), time));
          }}
          onPointerLeave={() => {
            onPoint(undefined);
          }}
        >
          <path className={styles.grid} d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}`} />
          <path className={styles.ground} d={`M0 ${HEIGHT}H${WIDTH}`} />
          {looked && <Cursor x={place(looked.at + ranges[range].piece * 500, time)} />}
          {slots.map((slot) => (
            <path
              key={slot}
              className={styles[slot]}
              d={line(
                pieces.map((piece) => ({ at: piece.at, value: of(piece[slot]) })),
                ceiling,
                time,
                ranges[range].piece * 1000,
              )}
            />
          ))}
        </svg>
      </div>
      <p className={styles.times} aria-hidden="true">
        <span>{at(new Date(time[0]))}</span>
        <span>{at(middle)}</span>
        <span>{at(new Date(time[1]))}</span>
      </p>
    </figure>
  );
}

function Scale({ ticks }: { ticks: readonly string[] }) {
  return (
    <p className={styles.scale} aria-hidden="true">
      {ticks.map((tick, index) => (
        <span key={index}>{tick}</span>
      ))}
    </p>
  );
}

function Cursor({ x }: { x: number }) {
  return <path className={styles.cursor} d={`M${x} 0V${HEIGHT}`} />;
}

function pointed({ clientX, currentTarget }: PointerEvent<SVGSVGElement>): number {
  const { left, width } = currentTarget.getBoundingClientRect();
  return width > 0 ? ((clientX - left) / width) * WIDTH : 0;
}
