// A form that a one-time link opens: sent with the link's token, and done once.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { GenericSchema } from 'valibot';
import { useForm } from '../../ui/form/useForm';
import { useLinkAction } from './useLinkAction';

type Options<V extends Record<string, string>> = {
  path: string;
  schema: GenericSchema<V>;
  initial: V;
  send: (values: V & { token: string }) => Promise<unknown>;
};

export function useLinkForm<V extends Record<string, string>>({
  path,
  schema,
  initial,
  send,
}: Options<V>) {
  const queryClient = useQueryClient();
  const { run, broken } = useLinkAction(path);
  const [isDone, setIsDone] = useState(false);
  const form = useForm({
    schema,
    initial,
    send: async (values) => {
      await run((token) => send({ ...values, token }));
      setIsDone(true);
      // What such a link does ends every session of the account, perhaps this browser's too.
      await queryClient.invalidateQueries();
    },
  });
  return { form, broken, isDone };
}
