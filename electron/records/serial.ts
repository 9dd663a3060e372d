/** Runs tasks one after the other, in the order in which they were given; a failed one does not hold up the next. */
export function serial(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    // Only the order is kept here; the failure belongs to whoever gave the task.
    last = next.catch(() => undefined);
    return next;
  };
}
