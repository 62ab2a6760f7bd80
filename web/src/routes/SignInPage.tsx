// /sign-in: opens a session in one step or two, then leads to where the visitor was going.
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { SecondStep } from '../api/client';
import { FirstStepPage } from '../features/account/FirstStepPage';
import { SecondStepPage } from '../features/account/SecondStepPage';
import { useWayIn } from '../features/account/useWayIn';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { next, signedOut } = route.useSearch();
  useWayIn(next);
  const [secondStep, setSecondStep] = useState<SecondStep>();
  // In memory only: an address does not belong into the history.
  const [email, setEmail] = useState('');
  const [isTooLate, setIsTooLate] = useState(false);

  if (secondStep) {
    return (
      <SecondStepPage
        key="second"
        step={secondStep}
        onBack={() => {
          setSecondStep(undefined);
        }}
        onTooLate={() => {
          setIsTooLate(true);
          setSecondStep(undefined);
        }}
      />
    );
  }
  const notice = isTooLate ? 'tooLate' : signedOut === true ? 'signedOut' : undefined;
  return (
    <FirstStepPage
      key="first"
      notice={notice ?? (next === undefined ? undefined : 'next')}
      email={email}
      onSecondStep={(step, by) => {
        setEmail(by);
        setIsTooLate(false);
        setSecondStep(step);
      }}
    />
  );
}
