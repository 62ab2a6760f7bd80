// Between two ways to do the same thing.
import { useTranslation } from 'react-i18next';
import styles from './Or.module.css';

export function Or() {
  const { t } = useTranslation();
  return <p className={styles.or}>{t('common.or')}</p>;
}
