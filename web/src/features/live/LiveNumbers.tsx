// How many are there at this moment.
import { useTranslation } from 'react-i18next';
import styles from './LiveNumbers.module.css';
import type { LiveStatus } from './model';

export function LiveNumbers({ status }: { status: LiveStatus }) {
  const { t, i18n } = useTranslation();
  const { connections, rooms, members } = status;
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <dl className={styles.numbers}>
      {Object.entries({ connections, rooms, members }).map(([name, count]) => (
        <div key={name} className={styles.card}>
          <dt>{t(`admin.live.now.${name as 'connections' | 'rooms' | 'members'}`)}</dt>
          <dd>{number.format(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
