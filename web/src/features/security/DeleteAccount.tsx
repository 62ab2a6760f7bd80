// Deletes the account, once its owner has typed its name.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '../../api/problem';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { DangerButton } from '../../ui/DangerButton';
import { TextField } from '../../ui/form/TextField';
import { Notice } from '../../ui/Notice';
import { endHere } from '../account/queries';
import { deleteAccount } from './changes';
import { useUser } from './user';

export function DeleteAccount() {
  const { t } = useTranslation();
  const { username } = useUser();
  const [isAsking, setIsAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const [mistake, setMistake] = useState<string>();
  const { mutate, isPending, error, reset } = useDeletion();
  const isLastAdministrator = error !== null && Problem.from(error).code === 'last_administrator';

  const confirm = () => {
    if (typed.trim() === username) mutate(username);
    else setMistake(t('settings.data.confirmMismatch'));
  };
  return (
    <>
      <div>
        <DangerButton
          onClick={() => {
            reset();
            setTyped('');
            setMistake(undefined);
            setIsAsking(true);
          }}
        >
          {t('settings.data.delete')}
        </DangerButton>
      </div>
      <ConfirmDialog
        open={isAsking}
        danger
        title={t('settings.data.confirmTitle')}
        confirm={t('settings.data.delete')}
        cancel={t('settings.data.keep')}
        pendingText={t('settings.data.deleting')}
        pending={isPending}
        error={isLastAdministrator ? null : error}
        onClose={() => {
          setIsAsking(false);
        }}
        onConfirm={confirm}
        field={
          <>
            {isLastAdministrator && (
              <Notice kind="bad">{t('settings.data.lastAdministrator')}</Notice>
            )}
            <TextField
              name="confirm"
              label={t('settings.data.confirmType', { username })}
              autoComplete="off"
              value={typed}
              error={mistake}
              onChange={(text) => {
                setTyped(text);
                setMistake(undefined);
              }}
            />
          </>
        }
      >
        <p>{t('settings.data.confirmLead')}</p>
        <ul>
          <li>{t('settings.data.confirmSignedOut')}</li>
          <li>{t('settings.data.confirmData')}</li>
          <li>{t('settings.data.confirmName')}</li>
        </ul>
      </ConfirmDialog>
    </>
  );
}

function useDeletion() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: deleteAccount,
    onSuccess: async () => {
      // Away from the account's pages first: they would ask to sign in.
      await navigate({ to: '/account-deleted', replace: true });
      endHere(queryClient);
    },
  });
}
