// A new API token: what for, what it may do, how long it works.
import { useTranslation } from 'react-i18next';
import * as v from 'valibot';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Form } from '../../ui/form/Form';
import { SelectField } from '../../ui/form/SelectField';
import { TextField } from '../../ui/form/TextField';
import { useForm } from '../../ui/form/useForm';
import { createToken } from './changes';
import type { CreatedApiToken, Scope } from './model';
import { name } from './rules';
import { ScopeFields } from './ScopeFields';
import { useUser } from './user';

const LIFETIMES = ['7', '30', '90', '180', '366'] as const;
type Lifetime = (typeof LIFETIMES)[number];

const scopes = ['read', 'write', 'admin'] as const satisfies Scope[];

// Forms hold texts: the scopes are words with spaces between them.
const schema = v.object({
  name,
  scopes: v.pipe(v.string(), v.nonEmpty('required')),
  expires_in_days: v.picklist(LIFETIMES),
});

type Props = {
  onCreated: (token: CreatedApiToken) => Promise<void>;
  onCancel: () => void;
};

type Values = { name: string; scopes: string; expires_in_days: Lifetime };

export function CreateToken({ onCreated, onCancel }: Props) {
  const { t } = useTranslation();
  const { role } = useUser();
  const form = useForm<Values>({
    schema,
    initial: { name: '', scopes: 'read', expires_in_days: '90' },
    send: async (values) => {
      const chosen = scopes.filter((scope) => values.scopes.split(' ').includes(scope));
      const expires_in_days = Number(values.expires_in_days);
      await onCreated(await createToken({ name: values.name, scopes: chosen, expires_in_days }));
    },
  });
  const nameField = form.field('name');
  const scopeField = form.field('scopes');
  const lifetime = form.field('expires_in_days');
  return (
    <Card title={t('settings.tokens.createTitle')}>
      <Form
        form={form}
        submit={t('settings.tokens.submit')}
        pendingText={t('settings.tokens.pending')}
        aside={<Button onClick={onCancel}>{t('settings.common.cancel')}</Button>}
      >
        <TextField
          {...nameField}
          error={nameField.error && t('settings.tokens.nameMissing')}
          label={t('settings.tokens.name')}
          hint={t('settings.tokens.nameHint')}
          autoComplete="off"
        />
        <ScopeFields
          offered={scopes.filter((scope) => scope !== 'admin' || role === 'admin')}
          value={scopeField.value}
          error={scopeField.error && t('settings.tokens.scopesMissing')}
          onChange={scopeField.onChange}
        />
        <SelectField
          label={t('settings.tokens.expiry')}
          choices={LIFETIMES.map((value) => ({
            value,
            label:
              value === '366'
                ? t('settings.tokens.year')
                : t('settings.tokens.days', { count: Number(value) }),
          }))}
          value={form.values.expires_in_days}
          error={lifetime.error}
          onChoose={lifetime.onChange}
        />
      </Form>
    </Card>
  );
}
