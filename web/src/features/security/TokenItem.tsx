// One API token, and its end.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge';
import { ConfirmedButton } from '../../ui/ConfirmedButton';
import { Item } from '../../ui/ItemList';
import { TokenIcon } from '../../ui/settings-icons';
import { Moment } from '../../ui/Time';
import { revokeToken } from './changes';
import type { ApiToken } from './model';

type Props = { token: ApiToken; onRevoked: () => Promise<void> };

export function TokenItem({ token, onRevoked }: Props) {
  const { t } = useTranslation();
  const { id, name, scopes, expires_at, last_used_at } = token;
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
          <Moment at={expires_at} dated />
        </>,
        last_used_at ? (
          <>
            {t('settings.tokens.lastUsed')} <Moment at={last_used_at} />
          </>
        ) : (
          t('settings.tokens.unused')
        ),
      ]}
      actions={
        <ConfirmedButton
          danger
          button={{ look: 'quiet', 'aria-label': t('settings.tokens.revokeNamed', { name }) }}
          name={t('settings.tokens.revoke')}
          title={t('settings.tokens.revokeTitle', { name })}
          pendingText={t('settings.tokens.revoking')}
          run={() => revokeToken(id)}
          onDone={onRevoked}
        >
          <p>{t('settings.tokens.revokeText')}</p>
        </ConfirmedButton>
      }
    />
  );
}
