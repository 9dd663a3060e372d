import { RoadbookError } from '../../shared/errors.ts';
import type { OrderKind } from '../../shared/sync/orders.ts';
import { OFFLINE_DAYS } from '../store/devices.ts';
import { type Call, required, tenantOf, UsageError } from './call.ts';

const BY = 'command line';
const UNKNOWN = 'There is no such device.';

export async function listDevices(call: Call): Promise<number> {
  const tenant = await tenantOf(call);
  for (const device of await call.store.devices.list(tenant.id)) {
    const off = device.user_active === 1 ? '' : '  person disabled';
    const state = device.revoked_at === null ? off : '  revoked';
    call.terminal.say(
      `${device.id}  ${device.name}  ${device.user_name}  seen ${device.last_seen_at}, ${device.waiting} waiting${state}`,
    );
  }
  return 0;
}

export async function nameDevice(call: Call): Promise<number> {
  const device = required(call.target, 'the id of a device');
  const name = required(call.more, 'the new name');
  const { id: tenant } = await tenantOf(call);
  if (!(await call.store.devices.rename(tenant, device, name, BY))) throw new UsageError(UNKNOWN);
  call.terminal.say(`The device is called ${name}.`);
  return 0;
}

export async function revokeDevice(call: Call): Promise<number> {
  const device = required(call.target, 'the id of a device');
  const { id: tenant } = await tenantOf(call);
  if (!(await call.store.devices.revoke(tenant, device, BY))) throw new UsageError(UNKNOWN);
  call.terminal.say('The device may no longer sync. What is saved on it stays there.');
  return 0;
}

export async function allowDevice(call: Call): Promise<number> {
  const device = required(call.target, 'the id of a device');
  const { id: tenant } = await tenantOf(call);
  if (!(await call.store.devices.allow(tenant, device, BY))) throw new UsageError(UNKNOWN);
  call.terminal.say('Its person may sign in on it again. An order that it has not followed is taken back.');
  return 0;
}

const told: Record<OrderKind, string> = {
  leave: 'The device sends what it still holds and wipes itself then. Its receipt shows in: devices orders',
  lost: 'The device may no longer sync, and wipes itself at its next contact without sending anything.',
};

export async function orderDevice(call: Call, kind: OrderKind): Promise<number> {
  const device = required(call.target, 'the id of a device');
  const { id: tenant } = await tenantOf(call);
  try {
    await call.store.orders.give(tenant, device, kind, { id: '', name: BY });
  } catch (error) {
    if (error instanceof RoadbookError && error.code === 'record.not_found') throw new UsageError(UNKNOWN);
    throw error;
  }
  call.terminal.say(told[kind]);
  return 0;
}

export async function listOrders(call: Call): Promise<number> {
  const { id: tenant } = await tenantOf(call);
  const orders = await call.store.orders.list(tenant);
  for (const order of orders) {
    const receipt =
      order.wiped_at === null
        ? order.delivered_at === null
          ? 'not yet told'
          : `told ${order.delivered_at}`
        : `wiped ${order.wiped_at}`;
    call.terminal.say(
      `${order.device}  ${order.deviceName}  ${order.userName}  ${order.kind}  ${order.state}  ordered ${order.at}  ${receipt}  taken ${order.taken}  held ${order.held}  unsent ${order.unsent ?? 'unknown'}`,
    );
  }
  if (orders.length === 0) call.terminal.say('No device was ordered anything.');
  return 0;
}

/** Shows the longest time offline, or changes it. */
export async function longestOffline(call: Call): Promise<number> {
  const { id: tenant } = await tenantOf(call);
  if (call.target !== undefined) {
    const days = Number(call.target);
    if (!Number.isInteger(days) || days < OFFLINE_DAYS.least || days > OFFLINE_DAYS.most) {
      throw new UsageError(`Days are a whole number from ${OFFLINE_DAYS.least} to ${OFFLINE_DAYS.most}.`);
    }
    await call.store.devices.setOfflineDays(tenant, days, BY);
  }
  const days = await call.store.devices.offlineDays(tenant);
  call.terminal.say(`A device may stay away for ${days} days before its person must sign in again.`);
  return 0;
}
