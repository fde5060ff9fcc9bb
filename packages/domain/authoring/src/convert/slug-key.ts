/** Makes a key of a label, an id or a file's name, unique among those that were made. */
import { promptKeyProblem } from "../prompt-key.ts";

const LONGEST = 60;

export function slugKey(label: string, taken: Set<string>): string {
  const plain = label
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9._/]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
  const wanted = promptKeyProblem(plain) === undefined ? plain : "prompt";
  let key = wanted;
  for (let count = 2; taken.has(key); count++) key = `${wanted}-${count}`;
  taken.add(key);
  return key;
}
