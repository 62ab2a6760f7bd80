// A picture for every kind of thing that happens.
import type { ReactNode } from 'react';
import { KeyIcon, MailIcon, ShieldIcon } from '../../ui/icons';
import {
  BarrierIcon,
  BookIcon,
  BoxIcon,
  DoorIcon,
  EntryIcon,
  GateIcon,
  PersonIcon,
  TokenIcon,
  ToolsIcon,
} from '../../ui/settings-icons';
import { subjectOf, type Subject } from './activity-words';

const icons: Record<Subject, ReactNode> = {
  entry: <EntryIcon />,
  door: <DoorIcon />,
  mail: <MailIcon />,
  key: <KeyIcon />,
  shield: <ShieldIcon />,
  token: <TokenIcon />,
  person: <PersonIcon />,
  box: <BoxIcon />,
  barrier: <BarrierIcon />,
  book: <BookIcon />,
  tools: <ToolsIcon />,
  gate: <GateIcon />,
};

export function ActivityIcon({ action }: { action: string }) {
  return icons[subjectOf(action)];
}
