// A port that leads to another one, which can be changed: as an address does that moves to the next server in a fail-over.
import { connect, createServer, type Socket } from 'node:net';

export interface TcpRelay {
  port: number;
  /** New connections go to `port` from now on; open ones are cut when `cut`. */
  pointTo(port: number, options?: { cut: boolean }): void;
  /** From now on not a byte passes; connections stay open, and new ones are taken: a server that hangs. */
  freeze(): void;
  close(): Promise<void>;
}

export async function startTcpRelay(target: number): Promise<TcpRelay> {
  let goal = target;
  let frozen = false;
  const open = new Set<Socket>();
  const server = createServer((incoming) => {
    if (frozen) {
      open.add(incoming);
      return void incoming.on('error', () => {}).on('close', () => open.delete(incoming));
    }
    const outgoing = connect(goal, '127.0.0.1');
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  const cutAll = () => {
    for (const socket of open) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    pointTo(port, { cut } = { cut: false }) {
      goal = port;
      if (cut) cutAll();
    },
    freeze() {
      frozen = true;
      for (const socket of open) socket.unpipe().pause();
    },
    close() {
      cutAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
