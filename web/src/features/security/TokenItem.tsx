// One API token, and its end.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Item } from '../../ui/ItemList';
import { TokenIcon } from '../../ui/settings-icons';
import { TimeAgo } from '../../ui/Time';
import { revokeToken } from './changes';
import type { ApiToken } from './model';
import { useRefreshSecurity } from './queries';

type Props = { token: ApiToken; onRevoked: () => void };

export function TokenItem({ token, onRevoked }: Props) {
  const { t } = useTranslation();
  const { name, scopes, expires_at, last_used_at } = token;
  const [isAsking, setIsAsking] = useState(false);
  const [isExpired] = useState(() => new Date(expires_at).getTime() < Date.now());
  return (
    <Item
      icon={<TokenIcon />}
      title={name}
      badges={scopes.map((scope) => (
        <Badge key={scope} tone={scope === 'admin' ? 'bad' : 'neutral'}>
          {t(`settings.tokens.scope.${scope}`)}
        </Badge>
      ))}
      facts={[
        <>
          {isExpired ? t('settings.tokens.expired') : t('settings.tokens.expires')}{' '}
          <TimeAgo at={expires_at} />
        </>,
        last_used_at ? (
          <>
            {t('settings.tokens.lastUsed')} <TimeAgo at={last_used_at} />
          </>
        ) : (
          t('settings.tokens.unused')
        ),
      ]}
      actions={
        <>
          <Button
            look="quiet"
            aria-label={t('settings.tokens.revokeNamed', { name })}
            onClick={() => {
              setIsAsking(true);
            }}
          >
            {t('settings.tokens.revoke')}
          </Button>
          <Revocation
            token={token}
            open={isAsking}
            onRevoked={onRevoked}
            onClose={() => {
              setIsAsking(false);
            }}
          />
        </>
      }
    />
  );
}

type RevocationProps = Props & { open: boolean; onClose: () => void };

function Revocation({ token: { id, name }, open, onRevoked, onClose }: RevocationProps) {
  const { t } = useTranslation();
  const refresh = useRefreshSecurity();
  const revocation = useMutation({
    mutationFn: revokeToken,
    onSuccess: async () => {
      onRevoked();
      await refresh();
    },
  });
  return (
    <ConfirmDialog
      open={open}
      danger
      title={t('settings.tokens.revokeTitle', { name })}
      confirm={t('settings.tokens.revoke')}
      pendingText={t('settings.tokens.revoking')}
      pending={revocation.isPending}
      error={revocation.error}
      onClose={() => {
        revocation.reset();
        onClose();
      }}
      onConfirm={() => {
        revocation.mutate(id);
      }}
    >
      <p>{t('settings.tokens.revokeText')}</p>
    </ConfirmDialog>
  );
}
