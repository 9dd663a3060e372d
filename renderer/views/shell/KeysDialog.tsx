import './keys-dialog.css';
import { Dialog } from '../../components/Dialog.tsx';
import { Kbd, modifier } from '../../components/Kbd.tsx';
import { setKeys } from '../../state/router.ts';
import { jumps } from './useShellKeys.ts';

const groups: readonly { readonly title: string; readonly keys: readonly (readonly [string[], string])[] }[] =
  [
    {
      title: 'Everywhere',
      keys: [
        [[`${modifier} K`], 'Search or jump to'],
        [['C'], 'New record'],
        [['['], 'Narrow or widen the sidebar'],
        [['Alt ←'], 'Back'],
        [['Alt →'], 'Forward'],
        [[`${modifier} L`], 'Lock Roadbook'],
        [['?'], 'All keys'],
      ],
    },
    {
      title: 'Lists',
      keys: [
        [['J', 'K'], 'Next, previous row'],
        [['Home', 'End'], 'First, last row'],
        [['PgUp', 'PgDn'], 'A page up, down'],
        [['Enter'], 'Open the record'],
        [['X'], 'Select the row'],
        [['Shift J', 'Shift K'], 'Select while moving'],
        [['F'], 'Add a filter'],
        [['Esc'], 'Clear the selection'],
      ],
    },
    {
      title: 'With rows selected',
      keys: [
        [['S'], 'Change stage'],
        [['A'], 'Change owner'],
        [['Del'], 'Delete'],
      ],
    },
    {
      title: 'Record',
      keys: [
        [['N'], 'Write a note'],
        [['V'], 'Log a visit'],
        [['J', 'K'], 'Next, previous in the list'],
        [['Enter'], 'Edit a field, save it'],
        [['Esc'], 'Leave a field as it was'],
        [[`${modifier} Enter`], 'Save a note or a form'],
      ],
    },
    {
      title: 'Inbox and audit log',
      keys: [
        [['J', 'K'], 'Next, previous item'],
        [['1', '2', '3'], 'Choose a value'],
        [['Enter'], 'Apply, or open the entry'],
        [['F'], 'Find in entries'],
        [['R'], 'Verify the chain again'],
      ],
    },
    {
      title: 'Board',
      keys: [
        [['←', '→', '↑', '↓'], 'Move between cards'],
        [['Space'], 'Pick up, put down'],
        [['Esc'], 'Put back'],
        [['Enter'], 'Open the deal'],
      ],
    },
  ];

/** Every key, in one place. */
export function KeysDialog() {
  return (
    <Dialog title="Keys" width={880} onClose={() => setKeys(false)}>
      <div className="keys">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="h">{group.title}</h3>
            {group.keys.map(([keys, does]) => (
              <Line key={does} keys={keys} does={does} />
            ))}
          </section>
        ))}
        <section>
          <h3 className="h">Go to</h3>
          {jumps.map(({ keys, label }) => (
            <Line key={keys} keys={keys.toUpperCase().split(' ')} does={label} />
          ))}
        </section>
      </div>
    </Dialog>
  );
}

function Line({ keys, does }: { readonly keys: readonly string[]; readonly does: string }) {
  return (
    <div className="row g4 keys-line">
      <span className="sp">{does}</span>
      <span className="aloud">{keys.join(' then ')}</span>
      {keys.map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
    </div>
  );
}
