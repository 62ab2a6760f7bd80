// When it happened: one of the usual spans, or between two days.
import { useTranslation } from 'react-i18next';
import * as v from 'valibot';
import { DateField } from '../../ui/form/DateField';
import { SelectField } from '../../ui/form/SelectField';
import { calendarDay, isBackwards, spans, type FilterChanges, type Filters } from './filters';
import styles from './TimeFilter.module.css';

type Props = { filters: Filters; onChange: (changes: FilterChanges) => void };

export function SpanFilter({ filters: { span }, onChange }: Props) {
  const { t } = useTranslation();
  const any = { value: '' as const, label: t('admin.audit.filters.anyTime') };
  const usual = spans.map((value) => ({ value, label: t(`admin.audit.filters.${value}`) }));
  return (
    <SelectField
      label={t('admin.audit.filters.when')}
      choices={[any, ...usual]}
      value={span ?? ''}
      onChoose={(chosen) => {
        onChange({ span: chosen === '' ? undefined : chosen, from: undefined, until: undefined });
      }}
    />
  );
}

/** The two days, for who wants to know exactly. */
export function DaysFilter({ filters, onChange }: Props) {
  const { t } = useTranslation();
  const { span, from = '', until = '' } = filters;
  if (span !== 'dates') return null;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className={styles.days}>
      <DateField
        label={t('admin.audit.filters.from')}
        value={from}
        isDay={isDay}
        onChange={(day) => {
          onChange({ from: day || undefined });
        }}
      />
      <DateField
        label={t('admin.audit.filters.until')}
        value={until}
        isDay={isDay}
        onChange={(day) => {
          onChange({ until: day || undefined });
        }}
        error={isBackwards(filters) ? t('admin.audit.filters.backwards') : undefined}
      />
      <p className={styles.note}>{t('admin.audit.filters.localTime', { zone })}</p>
    </div>
  );
}

function isDay(typed: string): boolean {
  return v.is(calendarDay, typed);
}
