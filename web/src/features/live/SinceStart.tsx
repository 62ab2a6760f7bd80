// What was counted since this server started.
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { Fact, Facts } from '../../ui/Facts';
import type { LiveStatus } from './model';

export function SinceStart({ status }: { status: LiveStatus }) {
  const { t, i18n } = useTranslation();
  const { messages, deliveries, limited, refused, dropped, cluster } = status;
  const counts = { messages, deliveries, limited, refused, dropped };
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <Card title={t('admin.live.since.title')} hint={t('admin.live.since.hint')}>
      <Facts>
        {(Object.keys(counts) as (keyof typeof counts)[]).map((name) => (
          <Fact key={name} name={t(`admin.live.since.${name}`)}>
            {number.format(counts[name])}
          </Fact>
        ))}
        <Fact name={t('admin.live.since.cluster')}>{t(`admin.live.cluster.${cluster}`)}</Fact>
      </Facts>
    </Card>
  );
}
