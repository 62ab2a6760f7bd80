// What to tell people while changes wait, and until when.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import * as v from 'valibot';
import type { Maintenance } from '../../api/maintenance';
import { Form } from '../../ui/form/Form';
import { SelectField } from '../../ui/form/SelectField';
import { TextAreaField } from '../../ui/form/TextAreaField';
import { useForm } from '../../ui/form/useForm';
import { useMaintenanceChanges } from './changes';
import { ends, endsAnew, endsAt, endWords, type End } from './ends';

const schema = v.object({ message: v.pipe(v.string(), v.trim()), until: v.picklist(endsAnew) });

type Values = { message: string; until: End };

type Props = {
  /** What was said before. */
  present?: Maintenance;
  submit: string;
  pendingText: string;
  aside?: ReactNode;
  /** Asked before anything is sent; rejects when somebody thinks better of it. */
  confirm?: () => Promise<void>;
  onDone: () => void;
};

export function MaintenanceForm({ present, confirm, onDone, ...buttons }: Props) {
  const { t } = useTranslation();
  const { startMaintenance } = useMaintenanceChanges();
  const form = useForm<Values>({
    schema,
    initial: { message: present?.message ?? '', until: present ? 'same' : '30' },
    send: async ({ message, until: end }) => {
      await confirm?.();
      const until = endsAt(end, present?.until, new Date());
      await startMaintenance({
        ...(message !== '' && { message }),
        ...(until !== undefined && { until }),
      });
      onDone();
    },
  });
  const until = form.field('until');
  return (
    <Form form={form} {...buttons}>
      <TextAreaField
        {...form.field('message')}
        label={t('admin.maintenance.start.message')}
        hint={t('admin.maintenance.start.messageHint')}
      />
      <SelectField
        label={t('admin.maintenance.start.until')}
        choices={(present ? endsAnew : ends).map((end) => ({
          value: end,
          label: endWords(t, end),
        }))}
        value={form.values.until}
        error={until.error}
        onChoose={until.onChange}
      />
    </Form>
  );
}
