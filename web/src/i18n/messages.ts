// The shape every language must have.
import type { en } from './en';

export type Messages = typeof en;
