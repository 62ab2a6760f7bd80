// Why connections ended, the commonest reason first.
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { Cell, RowHeader, Table } from '../../ui/Table';
import { type LiveStatus, reasons } from './model';

export function Ends({ status: { ends } }: { status: LiveStatus }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language);
  const [reason, count] = [t('admin.live.ends.reason'), t('admin.live.ends.count')];
  return (
    <Card title={t('admin.live.ends.title')}>
      {ends.length === 0 ? (
        <p>{t('admin.live.ends.none')}</p>
      ) : (
        <Table label={t('admin.live.ends.title')} columns={[reason, count]}>
          {[...ends]
            .sort((one, other) => other.count - one.count)
            .map((end) => (
              <tr key={end.reason}>
                <RowHeader>
                  <Reason name={end.reason} />
                </RowHeader>
                <Cell name={count}>{number.format(end.count)}</Cell>
              </tr>
            ))}
        </Table>
      )}
    </Card>
  );
}

function Reason({ name }: { name: string }) {
  const { t } = useTranslation();
  const known = reasons.find((reason) => reason === name);
  return known === undefined ? name : t(`admin.live.ends.reasons.${known}`);
}
