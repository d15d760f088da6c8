/**
 * Completes package-lock.json after `npm install` against a registry that does not offer every platform's binaries:
 * npm then leaves the optional packages of other platforms out, and `npm ci` refuses the lock file as incomplete.
 * Each is written with its version and platform; npm installs it only where the platform fits. Run it after every change of dependencies.
 */
import { readFileSync, writeFileSync } from "node:fs";

const FILE = "package-lock.json";
const OS = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
  "aix",
  "linuxmusl",
];
const CPU = [
  "x64",
  "arm64",
  "arm",
  "ia32",
  "ppc64",
  "s390x",
  "riscv64",
  "loong64",
  "mips64el",
  "mipsel",
  "wasm32",
];

const lock = JSON.parse(readFileSync(FILE, "utf8"));
const { packages } = lock;

/** `@scope/name-linux-x64-gnu` → the platform fields of a lock entry. */
const platformOf = (name) => {
  const words = name.split("/").pop().split(/[-.]/u);
  const os = OS.find((one) => words.includes(one));
  const cpu = CPU.find((one) => words.includes(one));
  const arm = cpu === undefined && words.some((word) => word.startsWith("arm")) ? "arm" : undefined;
  const libc = words.includes("musl")
    ? "musl"
    : words.some((word) => word.startsWith("gnu"))
      ? "glibc"
      : undefined;
  return {
    ...(cpu === undefined && arm === undefined ? {} : { cpu: [cpu ?? arm] }),
    ...(libc === undefined ? {} : { libc: [libc] }),
    ...(os === undefined ? {} : { os: [os] }),
  };
};

/** Where node looks for `name` from the package at `from`: nested folders first. */
const isPresent = (from, name) => {
  for (
    let folder = from;
    ;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))
  ) {
    if (`${folder}${folder === "" ? "" : "/"}node_modules/${name}` in packages) return true;
    if (folder === "" || !folder.includes("/node_modules/"))
      return `node_modules/${name}` in packages;
  }
};

let added = 0;
for (const [path, entry] of Object.entries(packages))
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isPresent(path, name)) continue;
    packages[`node_modules/${name}`] = {
      version: version.replace(/^[~^]/u, ""),
      ...platformOf(name),
      ...(entry.dev === true ? { dev: true } : {}),
      optional: true,
    };
    added += 1;
  }
lock.packages = Object.fromEntries(
  Object.entries(packages).toSorted(([left], [right]) => (left < right ? -1 : 1)),
);
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} optional packages of other platforms added to ${FILE}\n`);
