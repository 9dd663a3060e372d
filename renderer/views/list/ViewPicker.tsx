import { ChevronDown, Columns3, ListFilter, Rows3 } from 'lucide-react';
import type { SessionUser } from '../../../shared/sync/wire.ts';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Menu, MenuItem, MenuRule } from '../../components/Menu.tsx';
import { builtinViews, viewRoute } from '../../state/builtin-views.ts';
import type { Pipeline } from '../../state/directory.ts';
import { navigate, type Route } from '../../state/router.ts';

interface ViewPickerProps {
  readonly user: SessionUser;
  readonly pipelines: readonly Pipeline[];
  readonly current: Route;
}

/** Which view of the deals is shown, and the others. */
export function ViewPicker({ user, pipelines, current }: ViewPickerProps) {
  const views = builtinViews(user, pipelines);
  const view = current.name === 'list' || current.name === 'board' ? current.view : undefined;
  const label = views.find((candidate) => candidate.id === view)?.label;
  const all = current.name === 'board' ? 'Whole board' : 'All deals';
  return (
    <>
      <span className="q" aria-hidden="true">
        /
      </span>
      <Menu
        label="Views"
        trigger={
          <Button variant="ghost" className="view-picker">
            {label ?? all}
            <Icon of={ChevronDown} size={14} tone={3} />
          </Button>
        }
      >
        <MenuItem icon={Rows3} onSelect={() => navigate({ name: 'list', collection: 'deals' })}>
          All deals
        </MenuItem>
        <MenuItem icon={Columns3} onSelect={() => navigate({ name: 'board' })}>
          Whole board
        </MenuItem>
        <MenuRule />
        {views.map((candidate) => (
          <MenuItem
            key={candidate.id}
            icon={candidate.shape === 'board' ? Columns3 : ListFilter}
            onSelect={() => navigate(viewRoute(candidate))}
          >
            {candidate.label}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
