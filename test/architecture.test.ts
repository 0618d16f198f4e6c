import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

interface Import {
  from: string;
  to: string;
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(join(SOURCE, from), 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map(([, path = '']) => ({
    from,
    to: relative(SOURCE, join(SOURCE, dirname(from), path)),
  }));
});

const part = (file: string) => file.split('/')[0] ?? '';
const between = (from: string, to: string) =>
  imports
    .filter((one) => part(one.from) === from && part(one.to) === to)
    .map((one) => `${one.from} → ${one.to}`);

describe('architecture', () => {
  it('sees the imports', () => {
    expect(between('compiler', 'spec').length).toBeGreaterThan(5);
    expect(between('runtime', 'spec').length).toBeGreaterThan(5);
  });

  it('lets src/spec import nothing of ours', () => {
    expect(imports.filter(({ from, to }) => part(from) === 'spec' && part(to) !== 'spec')).toEqual([]);
  });

  it('lets the tables that compiler and runtime agree on import the language alone', () => {
    const own = imports.filter(({ from }) => part(from) === 'warehouse-tables');
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter(({ to }) => !['spec', 'warehouse-tables'].includes(part(to)))).toEqual([]);
  });

  it('lets what handlers are written against import nothing of ours either', () => {
    expect(imports.filter(({ from, to }) => part(from) === 'handlers' && part(to) !== 'handlers')).toEqual(
      [],
    );
  });

  it('lets what rules of a project are written against know the compiler alone, and nobody know it', () => {
    const own = imports.filter(({ from, to }) => part(from) === 'rules' && part(to) !== 'rules');
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter(({ to }) => !['compiler', 'spec'].includes(part(to)))).toEqual([]);
    expect(imports.filter(({ from, to }) => part(from) !== 'rules' && part(to) === 'rules')).toEqual([]);
  });

  it('keeps compiler and runtime apart', () => {
    expect([...between('compiler', 'runtime'), ...between('runtime', 'compiler')]).toEqual([]);
  });

  it('lets nothing but the command line know the command line or the stand-in', () => {
    const outside = imports.filter(
      ({ from, to }) => ['cli', 'stand-in'].includes(part(to)) && part(from) !== part(to),
    );
    expect(outside.filter(({ from }) => part(from) !== 'cli')).toEqual([]);
  });

  it('touches the disk in the compiler only where it writes', () => {
    const touching = files
      .filter((file) => part(file) === 'compiler')
      .filter((file) =>
        /from 'node:(fs|child_process|http|net)/.test(readFileSync(join(SOURCE, file), 'utf8')),
      );
    expect(touching.filter((file) => !/^compiler\/(write\.ts|output\/)/.test(file))).toEqual([]);
  });

  it('has no file that two people would have to divide between them', () => {
    const long = files.filter((file) => readFileSync(join(SOURCE, file), 'utf8').split('\n').length > 400);
    expect(long).toEqual([]);
  });
});
