// The words of the API that releases speak.
import type { components } from '../../api/schema';

type Schemas = components['schemas'];

export type GateStatus = Schemas['GateStatus'];
export type Service = Schemas['GateService'];
export type SlotView = Schemas['GateSlot'];
export type Slot = Schemas['Slot'];
export type Rollout = Schemas['Rollout'];
export type Phase = Schemas['RolloutPhase'];
export type Plan = Schemas['RolloutPlan'];
export type Order = Schemas['RolloutOrder'];
export type Evidence = Schemas['GateEvidence'];
export type Standing = Schemas['GateStanding'];
export type Proof = Schemas['GateProof'];
export type Figures = Schemas['GateFigures'];
export type Finding = Schemas['GateFinding'];
export type Rule = Schemas['GateRule'];
export type Reason = Schemas['RolloutReason'];
export type What = Schemas['RolloutWhat'];
export type Why = Schemas['RolloutWhy'];
export type GateEvent = Schemas['GateEvent'];
export type Told = Schemas['GateAnswer'];
export type Moment = Schemas['GateMoment'];
export type Point = Schemas['GatePoint'];
export type StartWish = Schemas['StartWish'];
export type CloseWish = Schemas['CloseWish'];

export const otherSlot = (slot: Slot): Slot => (slot === 'blue' ? 'green' : 'blue');
