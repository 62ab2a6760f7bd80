// The three fields that open an account; signing up and setting up share them.
import { useTranslation } from 'react-i18next';
import { PasswordField } from '../../ui/form/PasswordField';
import { TextField } from '../../ui/form/TextField';
import type { useForm } from '../../ui/form/useForm';
import { LengthHint } from './LengthHint';
import type { NewAccount } from './queries';

type Props = { form: Pick<ReturnType<typeof useForm<NewAccount>>, 'field' | 'values'> };

export function NewAccountFields({ form: { field, values } }: Props) {
  const { t } = useTranslation();
  return (
    <>
      {/* The e-mail is what signing in asks for, so password managers must file it as the name. */}
      <TextField
        {...field('email')}
        label={t('fields.email')}
        type="email"
        autoComplete="username"
      />
      <TextField
        {...field('username')}
        label={t('fields.username')}
        hint={t('fields.usernameHint')}
        autoComplete="nickname"
      />
      <PasswordField
        {...field('password')}
        label={t('fields.password')}
        hint={<LengthHint password={values.password} />}
        autoComplete="new-password"
      />
    </>
  );
}
