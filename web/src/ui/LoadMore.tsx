// The end of a long list, when there is more of it.
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem';
import { Button } from './Button';
import styles from './LoadMore.module.css';
import { ProblemNotice } from './ProblemNotice';

type Props = {
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: Error | null;
    fetchNextPage: () => unknown;
  };
};

export function LoadMore({ query }: Props) {
  const { t } = useTranslation();
  if (!query.hasNextPage) return null;
  return (
    <div className={styles.end}>
      {query.isFetchNextPageError && query.error && (
        <ProblemNotice problem={Problem.from(query.error)} />
      )}
      <Button
        pending={query.isFetchingNextPage}
        pendingText={t('settings.common.loadingMore')}
        onClick={() => void query.fetchNextPage()}
      >
        {t('settings.common.more')}
      </Button>
    </div>
  );
}
