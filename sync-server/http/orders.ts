import { RoadbookError } from '../../shared/errors.ts';
import type { Store } from '../store/store.ts';

/**
 * The same refusal, with the order that the device has not followed yet: a device whose session is over is told as well.
 * Only for a caller who has proved to be the device. The nonce of an order is how its receipt is known, so whoever else
 * got it could call a device wiped that is not.
 */
export async function withOrder(
  store: Store,
  error: RoadbookError,
  device: string,
  tenant: string,
): Promise<RoadbookError> {
  const order = await store.orders.openFor(device, tenant);
  if (order === undefined) return error;
  return new RoadbookError(
    error.code,
    { ...error.details, order: JSON.stringify(order) },
    { cause: error.cause },
  );
}
