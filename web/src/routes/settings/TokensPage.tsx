// /account/tokens: keys for programs.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CreateToken } from '../../features/security/CreateToken';
import { FreshToken } from '../../features/security/FreshToken';
import type { ApiToken, CreatedApiToken } from '../../features/security/model';
import { tokensQuery, useRefreshSecurity } from '../../features/security/queries';
import { TokenItem } from '../../features/security/TokenItem';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ItemList } from '../../ui/ItemList';
import { Loaded } from '../../ui/Loaded';
import { News, useNews } from '../../ui/News';
import { Page } from '../../ui/Page';
import { PlusIcon, TokenIcon } from '../../ui/settings-icons';
import { Stack } from '../../ui/Stack';
import { EmptyState } from '../../ui/States';
import { Unfolding } from '../../ui/Unfolding';

export function TokensPage() {
  const { t } = useTranslation();
  const tokens = useQuery(tokensQuery);
  const refresh = useRefreshSecurity();
  const { told, tell, forget } = useNews();
  return (
    <Page title={t('settings.tokens.title')} lead={t('settings.tokens.lead')}>
      <Stack>
        <News told={told} />
        <Creation onBegin={forget} />
        <Loaded query={tokens}>
          {(list) => (
            <Card>
              <Tokens
                tokens={list}
                onRevoked={() => {
                  tell(t('settings.tokens.revoked'));
                  return refresh();
                }}
              />
            </Card>
          )}
        </Loaded>
      </Stack>
    </Page>
  );
}

type TokensProps = { tokens: readonly ApiToken[]; onRevoked: () => Promise<void> };

function Tokens({ tokens, onRevoked }: TokensProps) {
  const { t } = useTranslation();
  if (tokens.length === 0) {
    return (
      <EmptyState icon={<TokenIcon />} title={t('settings.tokens.emptyTitle')}>
        {t('settings.tokens.empty')}
      </EmptyState>
    );
  }
  return (
    <ItemList label={t('settings.tokens.list')}>
      {tokens.map((token) => (
        <TokenItem key={token.id} token={token} onRevoked={onRevoked} />
      ))}
    </ItemList>
  );
}

function Creation({ onBegin }: { onBegin: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefreshSecurity();
  const [isOpen, setIsOpen] = useState(false);
  const [fresh, setFresh] = useState<CreatedApiToken>();
  const close = () => {
    setFresh(undefined);
    setIsOpen(false);
  };
  return (
    <Unfolding
      open={isOpen}
      form={
        fresh ? (
          <FreshToken token={fresh} onDone={close} />
        ) : (
          <CreateToken
            onCancel={close}
            onCreated={async (token) => {
              setFresh(token);
              await refresh();
            }}
          />
        )
      }
    >
      <div>
        <Button
          look="primary"
          onClick={() => {
            onBegin();
            setIsOpen(true);
          }}
        >
          <PlusIcon />
          {t('settings.tokens.create')}
        </Button>
      </div>
    </Unfolding>
  );
}
