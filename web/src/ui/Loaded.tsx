// What a query found, or that it is still looking, or why it could not.
import type { ReactNode } from 'react';
import { Problem } from '../api/problem';
import { ProblemNotice } from './ProblemNotice';
import { ErrorState, Loading } from './States';

type Query<T> = { data: T | undefined; error: Error | null; refetch: () => unknown };

type Props<T> = { query: Query<T>; children: (data: T) => ReactNode };

export function Loaded<T>({ query: { data, error, refetch }, children }: Props<T>) {
  if (data === undefined) {
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Loading />;
  }
  return (
    <>
      {/* What was there before is better than nothing, but may be out of date. */}
      {error && <ProblemNotice problem={Problem.from(error)} />}
      {children(data)}
    </>
  );
}
