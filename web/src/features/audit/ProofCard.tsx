// What holds the log together, and how anybody can verify that it does.
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/Card';
import { CopyButton } from '../../ui/CopyButton';
import { FoldButton } from '../../ui/FoldButton';
import { Loaded } from '../../ui/Loaded';
import { Secret } from '../../ui/Secret';
import { Moment } from '../../ui/Time';
import type { AuditProof } from './model';
import styles from './ProofCard.module.css';
import { proofQuery } from './queries';

const VERIFY = 'mainstay audit verify';

export function ProofCard() {
  const { t } = useTranslation();
  const query = useQuery(proofQuery);
  return (
    <Card title={t('admin.audit.proof.title')}>
      <Loaded query={query}>{(proof) => <Proof proof={proof} />}</Loaded>
    </Card>
  );
}

function Proof({ proof }: { proof: AuditProof }) {
  const { t } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.body}>
      <p>
        <Chained proof={proof} />
      </p>
      <div className={styles.fold}>
        <FoldButton
          open={open}
          controls={id}
          onToggle={() => {
            setOpen(!open);
          }}
        >
          {t('admin.audit.proof.how')}
        </FoldButton>
      </div>
      {open && (
        <div id={id} className={styles.how}>
          <p>{t('admin.audit.proof.verify')}</p>
          <Secret label={t('admin.audit.proof.verifyCommand')}>{VERIFY}</Secret>
          <p>{t('admin.audit.proof.key')}</p>
          <Secret label={t('admin.audit.proof.publicKey')}>{proof.public_key}</Secret>
          <div>
            <CopyButton text={proof.public_key}>{t('admin.audit.proof.copyKey')}</CopyButton>
          </div>
        </div>
      )}
    </div>
  );
}

/** How many hang together, and up to where and since when a signature says so. */
function Chained({
  proof: { entries, waiting, signed_entries, signed_at },
}: {
  proof: AuditProof;
}) {
  const { t } = useTranslation();
  return (
    <>
      {t('admin.audit.proof.chained', { count: entries })}{' '}
      {signed_entries != null && signed_at != null ? (
        <>
          {signed_entries >= entries
            ? t('admin.audit.proof.signedAll')
            : t('admin.audit.proof.signed', { count: signed_entries })}{' '}
          <Moment at={signed_at} />.
        </>
      ) : (
        t('admin.audit.proof.unsigned')
      )}{' '}
      {waiting > 0 && t('admin.audit.proof.waiting', { count: waiting })}
    </>
  );
}
