// What the judges know, rule by rule: how much speaks against the release, and how far the proof is that it keeps its
// bounds.
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/Badge';
import { Cell, RowHeader, Table } from '../../ui/Table';
import { Bar } from './Bar';
import styles from './EvidenceTable.module.css';
import {
  otherSlot,
  type Evidence,
  type Figures,
  type Proof,
  type Slot,
  type Standing,
} from './model';
import { boundWords, countWords, percent, slotName } from './words';

type Props = { evidence: readonly Evidence[]; candidate: Slot };

export function EvidenceTables({ evidence, candidate }: Props) {
  const { t } = useTranslation();
  return (
    <div className={styles.streams}>
      {evidence.map((one) => (
        <section key={one.stream} className={styles.stream}>
          <h3 className={styles.title}>{t(`admin.releases.evidence.${one.stream}`)}</h3>
          {one.stream === 'probes' && (
            <p className={styles.hint}>{t('admin.releases.evidence.probesHint')}</p>
          )}
          <Rules evidence={one} candidate={candidate} />
          {one.pool && <p className={styles.hint}>{t('admin.releases.evidence.pool', one.pool)}</p>}
        </section>
      ))}
    </div>
  );
}

function Rules({
  evidence: { stream, rules },
  candidate,
}: {
  evidence: Evidence;
  candidate: Slot;
}) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const columns = {
    rule: t('admin.releases.evidence.rule'),
    candidate: slotName(t, candidate),
    incumbent: slotName(t, otherSlot(candidate)),
    against: t('admin.releases.evidence.against'),
    proven: t('admin.releases.evidence.proven'),
  };
  const isCounted = ({ rule }: Standing) => rule !== 'pool';
  return (
    <Table label={t(`admin.releases.evidence.${stream}`)} columns={Object.values(columns)}>
      {rules.map((standing) => (
        <tr key={standing.rule}>
          <RowHeader>
            <span className={styles.name}>
              <span className={styles.rule}>{t(`admin.releases.rule.${standing.rule}`)}</span>{' '}
              <span className={styles.bound}>{boundWords(t, standing, language)}</span>
            </span>
          </RowHeader>
          <Cell name={columns.candidate}>
            <Count figures={isCounted(standing) ? standing.step.candidate : undefined} />
          </Cell>
          <Cell name={columns.incumbent}>
            <Count figures={isCounted(standing) ? standing.step.incumbent : undefined} />
          </Cell>
          <Cell name={columns.against}>
            <Against standing={standing} />
          </Cell>
          <Cell name={columns.proven}>
            <Proven proof={standing.proof} />
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

function Count({ figures }: { figures: Figures | undefined }) {
  const { t, i18n } = useTranslation();
  if (!figures) return '–';
  return <span className={styles.count}>{countWords(t, figures, i18n.language)}</span>;
}

function Against({ standing: { resting, to_firing: part } }: { standing: Standing }) {
  const { t, i18n } = useTranslation();
  if (resting)
    return <span className={styles.quiet}>{t(`admin.releases.resting.${resting}`)}</span>;
  return (
    <span className={styles.measure}>
      <Bar part={part} tone="bad" />
      {percent(Math.round(part * 100) / 100, i18n.language)}
    </span>
  );
}

function Proven({ proof }: { proof: Proof | null | undefined }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  if (!proof) return <span className={styles.quiet}>{t('admin.releases.evidence.notNeeded')}</span>;
  if (proof.is_proven) return <Badge tone="good">{t('admin.releases.evidence.yes')}</Badge>;
  const count = proof.about_requests ?? proof.least_requests ?? undefined;
  return (
    <>
      <span className={styles.measure}>
        <Bar part={proof.progress} tone="good" />
        {percent(Math.round(proof.progress * 100) / 100, language)}
      </span>
      <span className={styles.quiet}>
        {count === undefined
          ? t('admin.releases.evidence.never')
          : t('admin.releases.evidence.more', { count: rounded(count) })}
      </span>
    </>
  );
}

/** Nobody can tell to the single request. */
function rounded(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(count, 1))) - 1);
  return Math.ceil(count / unit) * unit;
}
