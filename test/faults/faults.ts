// npm run faults: breaks every call of every scene, with `--every` in every way, and asks the servers what must be true.
import { type ChildProcess, fork } from 'node:child_process';
import { type Report, worksOf } from './works.ts';

const args = process.argv.slice(2);
const every = args.includes('--every');
const only = args.find((arg) => !arg.startsWith('--'));
/** Two cores are what this is measured on. */
const PROCESSES = 2;

const work = worksOf()
  .map(({ title }) => title)
  .filter((title) => only === undefined || title.includes(only));
if (work.length === 0) {
  console.error(`No scene has “${only}” in its title.`);
  process.exit(1);
}
const reports: Report[] = [];

function shard(): Promise<void> {
  const path = new URL('./shard.ts', import.meta.url).pathname;
  const child = fork(path, every ? ['--every'] : [], {
    execArgv: [...process.execArgv, '--max-semi-space-size=64'],
  });
  return new Promise((resolve, reject) => {
    child.on('message', (message: Report | 'ready') => {
      if (message !== 'ready') tell(message);
      handOut(child);
    });
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`))));
  });
}

function handOut(child: ChildProcess): void {
  child.send(work.shift() ?? 'no more');
}

function tell(report: Report): void {
  reports.push(report);
  const { title, schedules, violations, ms } = report;
  const seconds = (ms / 1000).toFixed(1).padStart(6);
  console.log(
    `${seconds} s  ${String(schedules).padStart(4)}  ${violations.length === 0 ? 'ok' : 'NO'}  ${title}`,
  );
  for (const violation of violations) console.log(`    ${violation}`);
}

await Promise.all(Array.from({ length: PROCESSES }, shard));
const schedules = reports.reduce((sum, report) => sum + report.schedules, 0);
const violations = reports.reduce((sum, report) => sum + report.violations.length, 0);
console.log(`faults: ${schedules} schedules, ${violations} violations`);
process.exitCode = violations === 0 ? 0 : 1;
