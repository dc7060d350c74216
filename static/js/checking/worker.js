/** Checks the pack that the page hands over, aside from it: so the page stays alive, and can stop it. */
import { check } from "./check.js";

const OFTEN = 100; // milliseconds

addEventListener("message", async ({ data: { file, keys } }) => {
  let told = 0;
  const tell = (name, share) => {
    if (performance.now() - told < OFTEN) return;
    told = performance.now();
    postMessage({ progress: { name, share } });
  };
  try {
    postMessage({ found: await check(file, keys, tell) });
  } catch (fault) {
    postMessage({ fault: fault.name });
  }
});
