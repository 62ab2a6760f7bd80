// Letting requests wait for a while.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import * as v from 'valibot';
import { Button } from '../../ui/Button';
import { Form } from '../../ui/form/Form';
import { SelectField } from '../../ui/form/SelectField';
import { useForm } from '../../ui/form/useForm';
import { useGateChanges } from './changes';

/** In seconds. The gate lets nobody wait for longer than ten minutes. */
const limits = ['30', '60', '120', '300', '600'] as const;

const schema = v.object({ limit: v.picklist(limits) });

type Props = { service: string; onDone: (said: string) => void; onCancel: () => void };

export function HoldForm({ service, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const { hold } = useGateChanges(service);
  const form = useForm<v.InferOutput<typeof schema>>({
    schema,
    initial: { limit: '60' },
    send: async ({ limit }) => {
      await hold(`${limit}s`);
      onDone(t('admin.releases.actions.done.hold', { service }));
    },
  });
  const limit = form.field('limit');
  return (
    <Form
      form={form}
      submit={t('admin.releases.entrance.holdSubmit')}
      pendingText={t('admin.releases.entrance.holding')}
      aside={<Button onClick={onCancel}>{t('common.cancel')}</Button>}
    >
      <p>{t('admin.releases.entrance.holdLead')}</p>
      <SelectField
        label={t('admin.releases.entrance.limit')}
        choices={limits.map((value) => ({ value, label: limitWords(t, Number(value)) }))}
        value={form.values.limit}
        error={limit.error}
        onChoose={limit.onChange}
      />
    </Form>
  );
}

function limitWords(t: TFunction, seconds: number): string {
  return seconds < 60
    ? t('admin.releases.entrance.seconds', { count: seconds })
    : t('admin.releases.entrance.minutes', { count: seconds / 60 });
}
