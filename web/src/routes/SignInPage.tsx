// /sign-in: opens a session in one step or two, then leads to where the visitor was going.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { SecondStep } from '../api/client';
import { FirstStepPage } from '../features/account/FirstStepPage';
import { afterSignIn } from '../features/account/next-path';
import { meQuery } from '../features/account/queries';
import { SecondStepPage } from '../features/account/SecondStepPage';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { next, signedOut } = route.useSearch();
  const { history } = useRouter();
  const { data: user } = useQuery(meQuery);
  const [secondStep, setSecondStep] = useState<SecondStep>();
  const [isTooLate, setIsTooLate] = useState(false);

  // Holds after either step succeeds, and for visitors who were signed in all along.
  useEffect(() => {
    if (user) history.replace(afterSignIn(user, next));
  }, [user, next, history]);

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
      onSecondStep={(step) => {
        setIsTooLate(false);
        setSecondStep(step);
      }}
    />
  );
}
