// Closing an application for maintenance. Asks before.
import { useTranslation } from 'react-i18next';
import * as v from 'valibot';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Form } from '../../ui/form/Form';
import { SelectField } from '../../ui/form/SelectField';
import { TextAreaField } from '../../ui/form/TextAreaField';
import { useForm } from '../../ui/form/useForm';
import { useQuestion } from '../../ui/useQuestion';
import { ends, endsAt, endWords } from '../maintenance/ends';
import { useGateChanges } from './changes';

const schema = v.object({ message: v.pipe(v.string(), v.trim()), until: v.picklist(ends) });

type Values = v.InferOutput<typeof schema>;

type Props = { service: string; onDone: (said: string) => void; onCancel: () => void };

export function CloseForm({ service, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const { close } = useGateChanges(service);
  const { ask, answer, handOn, isAsking, isOpen } = useQuestion();
  const form = useForm<Values>({
    schema,
    initial: { message: '', until: '30' },
    send: async ({ message, until: end }) => {
      await ask();
      const until = endsAt(end, undefined, new Date());
      await close({ ...(message !== '' && { message }), ...(until !== undefined && { until }) });
      onDone(t('admin.releases.actions.done.close', { service }));
    },
  });
  const until = form.field('until');
  return (
    <>
      <Form
        form={form}
        submit={t('admin.releases.entrance.closeSubmit')}
        // Nothing is under way while the question is open.
        pendingText={
          isAsking ? t('admin.releases.entrance.closeSubmit') : t('admin.releases.entrance.closing')
        }
        aside={<Button onClick={onCancel}>{t('common.cancel')}</Button>}
      >
        <TextAreaField
          {...form.field('message')}
          label={t('admin.releases.entrance.message')}
          hint={t('admin.releases.entrance.messageHint')}
        />
        <SelectField
          label={t('admin.releases.entrance.expected')}
          choices={ends.map((end) => ({ value: end, label: endWords(t, end) }))}
          value={form.values.until}
          error={until.error}
          onChoose={until.onChange}
        />
      </Form>
      <ConfirmDialog
        open={isOpen}
        danger
        title={t('admin.releases.entrance.closeTitle', { service })}
        confirm={t('admin.releases.entrance.closeConfirm')}
        onClose={() => {
          answer('no');
        }}
        onConfirm={() => {
          answer('yes');
        }}
        onClosed={handOn}
      >
        <p>{t('admin.releases.entrance.closeText')}</p>
      </ConfirmDialog>
    </>
  );
}
