// The facts that `check` judges a configuration by: of this host, or from a JSON file.
import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { type HostFacts, readHostFacts, SCRIPT_PATH } from '../config/host-facts.ts';
import { fileProblem } from './file-problem.ts';

export interface HostOptions {
  readonly assumeHost?: string;
  readonly checkHost?: boolean;
}

/** The facts that the options ask for; undefined when they ask for none; a message when the file is no good. */
export function hostFacts({ assumeHost, checkHost }: HostOptions): HostFacts | undefined | string {
  if (assumeHost === undefined) return checkHost ? thisHost() : undefined;
  try {
    return readHostFacts(JSON.parse(readFileSync(assumeHost, 'utf8')));
  } catch (error) {
    return `${assumeHost}: ${fileProblem(error)}`;
  }
}

function thisHost(): HostFacts {
  return {
    interfaces: new Set(list('/sys/class/net')),
    users: new Set(firstFields('/etc/passwd')),
    groups: new Set(firstFields('/etc/group')),
    canRun: (program) =>
      program.startsWith('/') ? isExecutable(program) : SCRIPT_PATH.some((path) => isExecutable(`${path}/${program}`)),
    namespaces: new Set(list('/run/netns')),
  };
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function firstFields(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(':', 1)[0]!)
      .filter((name) => name !== '');
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
