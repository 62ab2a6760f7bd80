// The charts in numbers: by the minute, or by the hour of a day.
import { useTranslation } from 'react-i18next';
import { Cell, RowHeader, Table } from '../../../ui/Table';
import type { Moment, Slot } from '../model';
import { clock, millis, percent, rate, slotName } from '../words';
import { rows, type Arm, type Range } from './series';

type Props = { moments: readonly Moment[]; range: Range };

export function TrafficTable({ moments, range }: Props) {
  const { t, i18n } = useTranslation();
  const name = (slot: Slot) => slotName(t, slot);
  return (
    <Table
      label={t('admin.releases.traffic.title')}
      columns={[t('admin.releases.traffic.time'), name('blue'), name('green')]}
    >
      {rows(moments, range).map(({ at, blue, green }) => (
        <tr key={at}>
          <RowHeader>{clock(new Date(at).toISOString(), i18n.language)}</RowHeader>
          <Cell name={name('blue')}>
            <ArmWords arm={blue} />
          </Cell>
          <Cell name={name('green')}>
            <ArmWords arm={green} />
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

function ArmWords({ arm: { rate: often, errors, p95 } }: { arm: Arm }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  if (errors === undefined) return t('admin.releases.traffic.nothing');
  return t('admin.releases.traffic.cell', {
    requests: t('admin.releases.traffic.perSecond', { value: rate(often, language) }),
    errors: percent(errors, language),
    p95:
      p95 === undefined
        ? t('admin.releases.traffic.noP95')
        : t('admin.releases.traffic.millis', { value: millis(p95, language) }),
  });
}
