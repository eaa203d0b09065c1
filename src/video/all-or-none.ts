// Work of which a part is of no use: after the first failure no more of it is begun, and what is under way has ended
// before anybody hears of the failure, so that whoever does it all over again is alone with it.

/** The results in order, of at most `atOnce` at a time. Throws what failed first. */
export async function allOrNone<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const waiting = items.entries();
  async function takeTurns(): Promise<void> {
    for (const [index, item] of waiting) {
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, takeTurns));
  if (failures.length > 0) throw failures[0];
  return results;
}
