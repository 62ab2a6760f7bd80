// /account/security: the password, and what stands beside it.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mustEnrol } from '../../features/account/next-path';
import { BackupCodesCard } from '../../features/security/BackupCodesCard';
import { FreshCodes } from '../../features/security/FreshCodes';
import type { Passkey, SecondFactor } from '../../features/security/model';
import { Outcome, type Changed } from '../../features/security/Outcome';
import { PasskeysCard } from '../../features/security/PasskeysCard';
import { PasswordCard } from '../../features/security/PasswordCard';
import {
  passkeysQuery,
  secondFactorQuery,
  useRefreshSecurity,
} from '../../features/security/queries';
import { TotpCard } from '../../features/security/TotpCard';
import { useUser } from '../../features/security/user';
import { Loaded } from '../../ui/Loaded';
import { Page } from '../../ui/Page';
import { Stack } from '../../ui/Stack';

type Happened = { words: string; offer?: boolean; codes?: string[] | null };
type Tell = (what: Happened) => Promise<void>;
type PartProps = { tell: Tell; onBegin: () => void };

export function SecurityPage() {
  const { t } = useTranslation();
  const refresh = useRefreshSecurity();
  const [codes, setCodes] = useState<readonly string[]>();
  const [outcome, setOutcome] = useState<Changed>();

  const tell: Tell = async ({ words, offer = true, codes: fresh }) => {
    if (fresh) setCodes(fresh);
    setOutcome({ words, offer, at: Date.now() });
    await refresh();
  };
  // What was told is over when something else begins.
  const forget = () => {
    setOutcome(undefined);
  };
  const decline = () => {
    setOutcome((last) => last && { ...last, offer: false, at: Date.now() });
  };

  if (codes) {
    return (
      <FreshCodes
        codes={codes}
        onDone={() => {
          setCodes(undefined);
        }}
      />
    );
  }
  return (
    <Page title={t('settings.security.title')} lead={t('settings.security.lead')}>
      <Stack>
        {outcome && <Outcome outcome={outcome} onDeclined={decline} />}
        <Password tell={tell} onBegin={forget} />
        <Factors tell={tell} onBegin={forget} />
      </Stack>
    </Page>
  );
}

function Password({ tell, onBegin }: PartProps) {
  const { t } = useTranslation();
  const user = useUser();
  // Policy lets nothing but factors change until there is one.
  if (mustEnrol(user)) return null;
  return (
    <PasswordCard
      onBegin={onBegin}
      onChanged={(ended) =>
        ended
          ? tell({ words: t('settings.password.doneEnded'), offer: false })
          : tell({ words: t('settings.password.done') })
      }
    />
  );
}

function Factors(props: PartProps) {
  const factor = useQuery(secondFactorQuery);
  const passkeys = useQuery(passkeysQuery);
  return (
    <Loaded query={factor}>
      {(secondFactor) => (
        <Loaded query={passkeys}>
          {(list) => <FactorCards factor={secondFactor} passkeys={list} {...props} />}
        </Loaded>
      )}
    </Loaded>
  );
}

type CardsProps = PartProps & { factor: SecondFactor; passkeys: readonly Passkey[] };

function FactorCards({ factor, passkeys, tell, onBegin }: CardsProps) {
  const { t } = useTranslation();
  const hasTotp = Boolean(factor.totp);
  const hasPasskey = passkeys.length > 0;
  return (
    <>
      <TotpCard
        factor={factor}
        isOnly={!hasPasskey}
        onBegin={onBegin}
        onEnabled={(codes) => tell({ words: t('settings.totp.enabled'), codes })}
        onRemoved={() => tell({ words: t('settings.totp.removed') })}
      />
      <PasskeysCard
        passkeys={passkeys}
        factor={factor}
        onBegin={onBegin}
        onAdded={({ name }, codes) => tell({ words: t('settings.passkeys.done', { name }), codes })}
        onRemoved={() => tell({ words: t('settings.passkeys.removed') })}
      />
      <BackupCodesCard
        left={factor.backup_codes_left}
        hasFactor={hasTotp || hasPasskey}
        onRenewed={(codes) => tell({ words: t('settings.backup.renewed'), codes, offer: false })}
      />
    </>
  );
}
