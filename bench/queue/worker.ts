// One worker process of bench:queue: opens its path, works when told to, says how much it did, and ends when told to.
import { openPath, type PathName } from './paths.ts';

const [name, places] = process.argv.slice(2) as [PathName, string];
const { url, folder } = JSON.parse(process.env.AIPROD_TEST_BENCH!) as { url: string; folder: string };

const path = await openPath(name, url, folder);
let done = 0;
let told = 0;
const timer = setInterval(() => {
  if (done === told) return;
  process.send!({ done: done - told });
  told = done;
}, 20);
process.on('message', async (message) => {
  if (message === 'go') {
    await path.work(Number(places), (jobs) => {
      done += jobs;
    });
  } else {
    await path.close();
    clearInterval(timer);
    process.disconnect();
  }
});
process.send!('ready');
