/** Makes and lists the projects of an installation. */
import type { Project } from "@colophon/kernel";
import type { InstallationDesk } from "./installation-desk.ts";
import { isoTime } from "./iso-time.ts";

export interface ProjectRow {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface CreateProjectRequest {
  readonly id: string;
  /** The id unless given. */
  readonly name?: string;
}

/** Makes a project with a store of its own. @throws HarnessError `usage`. */
export async function createProject(
  desk: InstallationDesk,
  { id, name = id }: CreateProjectRequest,
): Promise<ProjectRow> {
  const project = await desk.installation.projects.create({ id, name });
  // Opened once, so that its store is there for those who only read.
  await desk.project(id);
  return rowOf(project);
}

/** The projects in which whoever asks may do anything. */
export async function listProjects(desk: InstallationDesk): Promise<readonly ProjectRow[]> {
  const rows: ProjectRow[] = [];
  for (const project of await desk.installation.projects.list()) {
    if ((await desk.rightsIn(project.id)).length > 0) rows.push(rowOf(project));
  }
  return rows;
}

function rowOf({ id, name, createdAt }: Project): ProjectRow {
  return { id, name, createdAt: isoTime(createdAt) };
}
