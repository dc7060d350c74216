/** Checks the pack that the page hands over, aside from it: so the page stays alive, and can stop it. */
import { check } from "./check.js";

const OFTEN = 100; // milliseconds

addEventListener("message", async ({ data: { file, keys } }) => {
  let done = 0;
  let told = 0;
  const tell = (name, octets) => {
    done += octets;
    if (performance.now() - told < OFTEN) return;
    told = performance.now();
    postMessage({ progress: { name, share: done / file.size } });
  };
  try {
    postMessage({ found: await check(file, keys, tell) });
  } catch (fault) {
    postMessage({ fault: fault.name });
  }
});
