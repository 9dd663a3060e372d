import { type Entity, fieldOf } from '../../../shared/model/index.ts';
import { Avatar } from '../../components/Avatar.tsx';
import { StageGlyph } from '../../components/Marks.tsx';
import type { Option } from '../../components/OptionList.tsx';
import type { FilterContext } from './filters.ts';

/** What is chosen stands first, so that it can be taken out again. */
export function withChosen(
  found: readonly Option[],
  chosen: ReadonlySet<string>,
  names: Readonly<Record<string, string>>,
): readonly Option[] {
  const first = [...chosen].map(
    (id) => found.find((option) => option.value === id) ?? { value: id, label: names[id] ?? 'One record' },
  );
  return [...first, ...found.filter((option) => !chosen.has(option.value))];
}

/** Choices that are known without a search: stages, people, territories, pipelines, words of the model. */
export function knownOptions(name: string, entity: Entity, context: FilterContext): readonly Option[] {
  if (name === 'stage') {
    const seen = new Set<string>();
    return context.pipelines.flatMap(({ stages }) =>
      stages.flatMap((stage) => {
        if (seen.has(stage.id)) return [];
        seen.add(stage.id);
        return [{ value: stage.id, label: stage.name, mark: <StageGlyph stage={stage} stages={stages} /> }];
      }),
    );
  }
  if (name === 'pipeline') return context.pipelines.map(({ id, name: label }) => ({ value: id, label }));
  if (name === 'territory' || name === 'team') {
    return context.places.map(({ id, name: label }) => ({ value: id, label }));
  }
  const spec = fieldOf(entity, name);
  if (spec?.choices !== undefined) {
    return Object.entries(spec.choices).map(([value, label]) => ({ value, label }));
  }
  return peopleOptions(context);
}

export function peopleOptions({ people, me }: Pick<FilterContext, 'people' | 'me'>): readonly Option[] {
  const options = people
    .filter((person) => person.active || person.id === me)
    .map(({ id, name }) => ({
      value: id,
      label: name,
      mark: <Avatar name={name} id={id} />,
      ...(id === me ? { note: 'you' } : {}),
    }));
  return [
    ...options.filter((option) => option.value === me),
    ...options.filter((option) => option.value !== me),
  ];
}
