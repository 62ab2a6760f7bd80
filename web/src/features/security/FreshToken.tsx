// A token, the one time it is shown. Leaving without it takes a second word.
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/Button';
import { ButtonRow } from '../../ui/ButtonRow';
import { Card } from '../../ui/Card';
import { CopyButton } from '../../ui/CopyButton';
import { FocusHere } from '../../ui/FocusHere';
import { Notice } from '../../ui/Notice';
import { Secret } from '../../ui/Secret';
import { LeaveGuard } from './LeaveGuard';
import type { CreatedApiToken } from './model';

type Props = { token: CreatedApiToken; onDone: () => void };

export function FreshToken({ token: { token, name }, onDone }: Props) {
  const { t } = useTranslation();
  return (
    <FocusHere>
      <Card>
        <Notice kind="good" title={t('settings.tokens.freshTitle')}>
          <p>{t('settings.tokens.fresh')}</p>
        </Notice>
        <Secret label={t('settings.tokens.secret', { name })}>{token}</Secret>
        <ButtonRow>
          <CopyButton text={token} />
          <Button look="quiet" onClick={onDone}>
            {t('settings.tokens.freshDone')}
          </Button>
        </ButtonRow>
      </Card>
      <LeaveGuard title={t('settings.tokens.leaveTitle')}>
        {t('settings.tokens.leaveText')}
      </LeaveGuard>
    </FocusHere>
  );
}
