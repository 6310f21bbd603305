import type { ReactNode } from 'react';
import type { Finding, Health, Status as StatusWord } from '../api/types';
import { formatCount } from '../format/number';
import { otherReasons } from '../format/reasons';
import { Panel } from './Panel';
import { Glyph } from './Status';

interface Props {
  of: Health & { status: StatusWord; reasons: string[]; stale: boolean };
  /** Where the finding can be looked at. */
  linkOf?: (finding: Finding) => ReactNode;
}

/** Why a thing is not well: each rule that took points, with its value. Absent when all is well. */
export function Findings({ of, linkOf }: Props) {
  const { status, health_findings: findings, health_not_checked: unchecked } = of;
  const { others } = otherReasons(of);
  if (status === 'ok' || findings.length + others.length === 0) return null;
  return (
    <Panel title="Why" note={scoreNote(of)} flush>
      <ul className="findings" data-why>
        {findings.map((finding) => (
          <li key={finding.rule}>
            <Glyph status={severityOf(finding)} />
            <p>
              {finding.text}
              <span className="lo finding-rule">
                <code>
                  {finding.rule} {finding.value}
                </code>{' '}
                −{formatCount(finding.points)}
              </span>{' '}
              {linkOf?.(finding)}
            </p>
          </li>
        ))}
        {others.map((reason) => (
          <li key={reason}>
            <Glyph status="unknown" />
            <p>{reason}</p>
          </li>
        ))}
      </ul>
      {unchecked.length > 0 && (
        <p className="foot">Not checked, because they are not known: {unchecked.join(', ')}.</p>
      )}
    </Panel>
  );
}

/** One rule that takes so much leaves little; what is down or refuses writes is never less. */
const SEVERE_POINTS = 40;
const SEVERE_RULES = new Set(['underMinIsrPartitions', 'brokers down', 'offlineLogDirs']);

/** As the tile of the same number says it. */
export function severityOf({ rule, points }: Pick<Finding, 'rule' | 'points'>): StatusWord {
  return points >= SEVERE_POINTS || SEVERE_RULES.has(rule) ? 'critical' : 'warning';
}

function scoreNote({ health_score: score }: Health) {
  return score === null ? undefined : `health ${formatCount(score)} of 100`;
}
