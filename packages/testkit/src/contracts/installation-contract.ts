/** What every Installation keeps to, as tests that an adapter runs on itself. */
import { describe } from "vitest";
import { auditTests } from "./installation/audit-tests.ts";
import { jobTests, leaseTests } from "./installation/job-tests.ts";
import { keyTests, secretTests } from "./installation/key-tests.ts";
import type { InstallationContract, OpenedInstallation } from "./installation/opened-installation.ts";
import { invitationTests, peopleTests } from "./installation/people-tests.ts";
import { projectTests } from "./installation/project-tests.ts";
import { freshly } from "./opened-store.ts";

export function installationContract(contract: InstallationContract): void {
  const open = freshly<OpenedInstallation>(contract.open);
  describe(`${contract.name} as an Installation`, () => {
    projectTests(open);
    peopleTests(open);
    invitationTests(open);
    keyTests(open);
    auditTests(open);
    secretTests(open);
    jobTests(open);
    leaseTests(open);
  });
}
