import { expect, test } from 'vitest';
import { formFields } from '../../../renderer/forms/form.ts';
import { filterFields } from '../../../renderer/views/list/filters.ts';
import { columnsOf, sortableFields } from '../../../renderer/views/list/layout.ts';
import { collectionNames } from '../../../shared/model/index.ts';
import { hiddenFields, hiddenFrom, roles } from '../../../shared/rules/permissions.ts';
import { entityFor } from '../../../shared/rules/shown.ts';

test('a field that is kept from a role is offered to it in no form, column, order or filter', () => {
  expect(hiddenFields.length).toBeGreaterThan(0);
  for (const role of roles) {
    for (const collection of collectionNames) {
      const entity = entityFor(role, collection);
      const offered = [
        ...Object.keys(entity.fields),
        ...Object.values(formFields(entity)).flat(),
        ...filterFields(entity).map(({ field }) => field),
        ...sortableFields(entity).map(({ field }) => field),
      ];
      for (const field of hiddenFrom(role, collection)) expect(offered).not.toContain(field);
      expect(entityFor(role, collection)).toBe(entity);
    }
  }
  expect(columnsOf('products', 'rep').map(({ field }) => field)).not.toContain('cost');
  expect(Object.keys(entityFor('manager', 'products').fields)).toContain('cost');
  expect(Object.keys(entityFor('rep', 'products').fields)).not.toContain('cost');
});
