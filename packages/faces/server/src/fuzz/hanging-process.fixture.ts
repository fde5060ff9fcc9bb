/** A process that hangs in its second step; its watchdog is all that ends it. */
import { startWatchdog } from "./watchdog.fixture.ts";

const watchdog = startWatchdog(500);
watchdog.begin("the first step");
watchdog.begin("the second step");
for (;;) Math.random();
