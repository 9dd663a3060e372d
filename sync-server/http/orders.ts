import { RoadbookError } from '../../shared/errors.ts';
import type { Store } from '../store/store.ts';

/**
 * The same refusal, with the order that the device has not followed yet: a device whose session is over is told as well.
 * An order is worth nothing to anybody but its device.
 */
export async function withOrder(
  store: Store,
  error: RoadbookError,
  device: string,
  tenant?: string,
): Promise<RoadbookError> {
  const order = await store.orders.openFor(device, tenant);
  if (order === undefined) return error;
  return new RoadbookError(
    error.code,
    { ...error.details, order: JSON.stringify(order) },
    { cause: error.cause },
  );
}
