// What the log is narrowed down to. Every choice counts at once, and stands in the address.
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { SelectField } from '../../ui/form/SelectField';
import { isKnownAction } from '../security/activity-words';
import { actionName, groups, type Group } from './actions';
import styles from './AuditFilters.module.css';
import { outcomes, tidied, type FilterChanges, type Filters } from './filters';
import { PersonFilter } from './PersonFilter';
import { DaysFilter, SpanFilter } from './TimeFilter';

type Props = {
  filters: Filters;
  onChange: (filters: Filters) => void;
  /** Takes the focus when what removed the filters is gone with them. */
  ref: Ref<HTMLDivElement>;
};

export function AuditFilters({ filters, onChange, ref }: Props) {
  const { t } = useTranslation();
  const change = (changes: FilterChanges) => {
    onChange(tidied({ ...filters, ...changes }));
  };
  return (
    <div
      ref={ref}
      className={styles.filters}
      role="search"
      aria-label={t('admin.audit.filters.label')}
      tabIndex={-1}
    >
      <PersonFilter
        person={filters.person}
        onChoose={(person) => {
          change({ person });
        }}
      />
      <ActionFilter
        action={filters.action}
        onChoose={(action) => {
          change({ action });
        }}
      />
      <SpanFilter filters={filters} onChange={change} />
      <OutcomeFilter
        outcome={filters.outcome}
        onChoose={(outcome) => {
          change({ outcome });
        }}
      />
      <DaysFilter filters={filters} onChange={change} />
    </div>
  );
}

type ActionProps = { action: string | undefined; onChoose: (action: string | undefined) => void };

function ActionFilter({ action, onChoose }: ActionProps) {
  const { t } = useTranslation();
  const named = (value: string) => ({ value, label: actionName(t, value) });
  const any = { value: '', label: t('admin.audit.filters.anyAction') };
  const isUnknown = action !== undefined && !isKnownAction(action);
  return (
    <SelectField
      label={t('admin.audit.filters.action')}
      choices={isUnknown ? [any, named(action)] : [any]}
      groups={Object.entries(groups).map(([group, actions]) => ({
        label: t(`admin.audit.groups.${group as Group}`),
        choices: actions.map(named),
      }))}
      value={action ?? ''}
      onChoose={(chosen) => {
        onChoose(chosen || undefined);
      }}
    />
  );
}

type OutcomeProps = {
  outcome: Filters['outcome'];
  onChoose: (outcome: Filters['outcome']) => void;
};

function OutcomeFilter({ outcome, onChoose }: OutcomeProps) {
  const { t } = useTranslation();
  const any = { value: '' as const, label: t('admin.audit.filters.anyOutcome') };
  const both = outcomes.map((value) => ({ value, label: t(`admin.audit.filters.${value}`) }));
  return (
    <SelectField
      label={t('admin.audit.filters.outcome')}
      choices={[any, ...both]}
      value={outcome ?? ''}
      onChoose={(chosen) => {
        onChoose(chosen === '' ? undefined : chosen);
      }}
    />
  );
}
