// What a change on the page led to, told at its top, and whoever else is signed in.
import { FocusHere } from '../../ui/FocusHere';
import { Notice } from '../../ui/Notice';
import { EndOthers } from './EndOthers';

/** `offer`: whether other sessions should be asked about. `at` tells two equal outcomes apart. */
export type Changed = { words: string; offer: boolean; at: number };

type Props = { outcome: Changed; onDeclined: () => void };

export function Outcome({ outcome: { words, offer, at }, onDeclined }: Props) {
  return (
    <FocusHere at={at}>
      <Notice kind="good">{words}</Notice>
      {offer && <EndOthers key={at} onDeclined={onDeclined} />}
    </FocusHere>
  );
}
