// A form: values, validation on submit, one request at a time, errors beside their fields.
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import * as v from 'valibot';
import { Problem, type FieldError } from '../../api/problem';
import { fieldText } from '../../i18n/problem-text';

type Values = Record<string, string>;

type Options<V extends Values> = {
  /** Its issue messages are codes; see fieldText. */
  schema: v.GenericSchema<V>;
  initial: V;
  send: (values: V) => Promise<unknown>;
};

export function useForm<V extends Values>({ schema, initial, send }: Options<V>) {
  const { t } = useTranslation();
  const [values, setValues] = useState(initial);
  const [mistakes, setMistakes] = useState<readonly FieldError[]>([]);
  const [attempts, setAttempts] = useState(0);
  const form = useRef<HTMLFormElement>(null);

  // What was wrong before and is untouched is wrong still: everything known is shown at once.
  const reject = (found: readonly FieldError[]) => {
    const isNew = ({ field }: FieldError) => found.every((mistake) => mistake.field !== field);
    setMistakes([...found, ...mistakes.filter(isNew)]);
    setAttempts((count) => count + 1);
  };

  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: send,
    onError: (failure) => {
      reject(sorted(Problem.from(failure), values).beside);
    },
  });

  const failure = error ? Problem.from(error) : undefined;
  const told = failure && sorted(failure, values);
  const isExplained = told !== undefined && told.beside.length > 0 && told.others.length === 0;

  // Focus goes to the first field that needs attention, once it is marked as such.
  useEffect(() => {
    if (attempts > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);

  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (isPending || mustWait(failure)) return;
    reset();
    const result = v.safeParse(schema, values);
    if (result.success) {
      setMistakes([]);
      mutate(result.output);
    } else {
      reject(firstPerField(result.issues));
    }
  };

  const field = (name: keyof V & string) => {
    const mistake = mistakes.find((candidate) => candidate.field === name);
    return {
      name,
      value: values[name] ?? '',
      error: mistake && fieldText(t, mistake),
      onChange: (value: string) => {
        setValues((before) => ({ ...before, [name]: value }));
        setMistakes((before) => before.filter((candidate) => candidate.field !== name));
      },
    };
  };

  return {
    values,
    field,
    pending: isPending,
    mistakes: mistakes.length,
    /** What no single field can explain. */
    problem: isExplained || failure?.isCancelled === true ? undefined : failure,
    /** What is wrong with what this form does not show. */
    others: told?.others ?? [],
    formProps: { ref: form, onSubmit, noValidate: true },
  };
}

/** Enter must not do what the button refuses. */
function mustWait(failure: Problem | undefined): boolean {
  return failure?.retryAt !== undefined && failure.retryAt > Date.now();
}

/** Codes that are about one field, though the server says so for the request as a whole. */
const aboutField: Record<string, { fields: string[]; code: string }> = {
  username_taken: { fields: ['username'], code: 'taken' },
  email_taken: { fields: ['email', 'new_email'], code: 'taken' },
  wrong_password: { fields: ['current_password', 'password'], code: 'wrong' },
  wrong_code: { fields: ['code'], code: 'wrong' },
};

type Sorted = {
  /** One for each field that is shown. */
  beside: FieldError[];
  /** All that is about none of them. */
  others: FieldError[];
};

/** The server's complaints, by where they can be told. */
function sorted({ code, detail, errors }: Problem, values: Values): Sorted {
  const isShown = (field: string) => Object.hasOwn(values, field);
  const about = aboutField[code];
  const field = about?.fields.find(isShown);
  const beside = new Map<string, FieldError>();
  const others: FieldError[] = [];
  for (const mistake of errors) {
    const shown = fieldOf(mistake.field);
    if (!isShown(shown)) others.push(mistake);
    else if (!beside.has(shown)) beside.set(shown, { ...mistake, field: shown });
  }
  if (about && field !== undefined && !beside.has(field)) {
    beside.set(field, { field, code: about.code, message: detail ?? '' });
  }
  return { beside: [...beside.values()], others };
}

/** What is wrong within a field, such as `scopes[0]`, is wrong with the field. */
function fieldOf(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}

function firstPerField(issues: readonly v.BaseIssue<unknown>[]): FieldError[] {
  const found = new Map<string, FieldError>();
  for (const issue of issues) {
    const field = v.getDotPath(issue) ?? '';
    if (!found.has(field)) found.set(field, { field, code: issue.message, message: '' });
  }
  return [...found.values()];
}
