// Finds one of many by typing a part of it (WAI-ARIA Authoring Practices, combobox with a list). Focus stays in the
// field; the arrow keys go through what was found.
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { SearchIcon } from '../settings-icons';
import styles from './SuggestField.module.css';
import field from './TextField.module.css';

export type Suggestion = { value: string; name: string; hint?: string };

type Props = {
  label: string;
  placeholder: string;
  typed: string;
  onType: (typed: string) => void;
  /** Whether it is worth looking. */
  open: boolean;
  onOpen: (open: boolean) => void;
  suggestions: readonly Suggestion[];
  /** What else is to be said: that it is still looking, that there is nothing, that there is more. */
  note: string | undefined;
  onChoose: (value: string) => void;
};

export function SuggestField({ label, placeholder, typed, onType, open, onOpen, ...rest }: Props) {
  const { suggestions, note, onChoose } = rest;
  const id = useId();
  const listId = `${id}-list`;
  const [active, setActive] = useActive(suggestions, typed);
  const current = open ? suggestions[active] : undefined;

  const move = (step: number) => {
    onOpen(true);
    const { length } = suggestions;
    // The field itself is a stop between the last and the first.
    if (length > 0) setActive(((active + 1 + step + length + 1) % (length + 1)) - 1);
  };
  const keys: Record<string, (() => void) | undefined> = {
    ArrowDown: () => {
      move(1);
    },
    ArrowUp: () => {
      move(-1);
    },
    Enter:
      current &&
      (() => {
        onChoose(current.value);
      }),
    Escape: () => {
      if (open) onOpen(false);
      else onType('');
    },
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keys[event.key];
    // What is being composed, in Japanese for example, has keys of its own.
    if (act === undefined || event.nativeEvent.isComposing) return;
    event.preventDefault();
    act();
  };

  return (
    <div className={field.field}>
      <label className={field.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.box}>
        <SearchIcon />
        <input
          id={id}
          className={field.input}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={open && suggestions.length > 0}
          aria-controls={listId}
          aria-activedescendant={current && optionId(listId, active)}
          placeholder={placeholder}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            onType(event.target.value);
            onOpen(true);
          }}
          onClick={() => {
            onOpen(true);
          }}
          onBlur={() => {
            onOpen(false);
          }}
          onKeyDown={onKeyDown}
        />
        {open && (
          <div className={styles.found}>
            {suggestions.length > 0 && (
              <div id={listId} role="listbox" aria-label={label} className={styles.list}>
                {suggestions.map((suggestion, index) => (
                  <Option
                    key={suggestion.value}
                    id={optionId(listId, index)}
                    suggestion={suggestion}
                    active={index === active}
                    onChoose={onChoose}
                  />
                ))}
              </div>
            )}
            <p role="status" className={note === undefined ? undefined : styles.note}>
              {note}
            </p>
          </div>
        )}
      </div>
    </div>
  );
}

type OptionProps = {
  id: string;
  suggestion: Suggestion;
  active: boolean;
  onChoose: (value: string) => void;
};

function Option({ id, suggestion: { value, name, hint }, active, onChoose }: OptionProps) {
  const place = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (active) place.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <button
      ref={place}
      id={id}
      type="button"
      role="option"
      aria-selected={active}
      tabIndex={-1}
      className={styles.option}
      onMouseDown={(event) => {
        // Focus stays in the field, or the list would be gone before the click.
        event.preventDefault();
      }}
      onClick={() => {
        onChoose(value);
      }}
    >
      <span className={styles.name}>{name}</span>
      {hint !== undefined && <span className={styles.hint}>{hint}</span>}
    </button>
  );
}

/** Which one Enter would take: the first of what was typed for, until the arrow keys say otherwise; -1 for none. */
function useActive(suggestions: readonly Suggestion[], typed: string) {
  const [moved, setMoved] = useState<{ to: number; among: string }>();
  const among = `${typed}\n${suggestions.map(({ value }) => value).join('\n')}`;
  const usual = typed.trim() === '' ? -1 : 0;
  const active = moved?.among === among ? moved.to : usual;
  const setActive = (to: number) => {
    setMoved({ to, among });
  };
  return [Math.min(active, suggestions.length - 1), setActive] as const;
}

function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}
