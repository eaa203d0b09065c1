// npm run capacity: prints the tables of docs/operations/capacity.md.
import { planTable, speedTable } from './capacity/tables.ts';

console.log(`${speedTable()}\n\n${planTable()}`);
