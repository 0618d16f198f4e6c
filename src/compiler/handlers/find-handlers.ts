import { type ModuleGraph, readGraph } from '../../handlers/module-graph.ts';
import { parseReference } from '../../handlers/reference.ts';
import { suggest } from '../did-you-mean.ts';
import type { Finding, Place } from '../finding.ts';
import { type Layers, locateIn } from '../layers.ts';
import type { ResolvedPipeline, ResolvedSpec } from '../resolved.ts';
import type { Path } from '../source-file.ts';

/** Where a pipeline names code of the project. */
export interface Mention {
  readonly pipeline: ResolvedPipeline;
  readonly role: 'source' | 'transform';
  readonly reference: string;
  readonly layers: Layers;
  readonly path: Path;
}

/**
 * Looks for the code that the pipelines name, and gives each pipeline the hashes of the files that it consists of: a
 * change of the code is a change of the pipeline. Findings where a file or an export is missing, or is no module.
 *
 * @returns found: the mentions whose file and export are there
 */
export function findHandlers(
  spec: ResolvedSpec,
  readText: (path: string) => string | undefined,
): { value: ResolvedSpec; findings: Finding[]; found: Mention[] } {
  const findings: Finding[] = [];
  const found: Mention[] = [];
  const graphs = new Map<string, ModuleGraph>();
  const graphOf = (file: string) => {
    const known = graphs.get(file) ?? readGraph(file, readText);
    graphs.set(file, known);
    return known;
  };
  const environments = spec.environments.map((environment) => ({
    ...environment,
    pipelines: environment.pipelines.map((pipeline): ResolvedPipeline => {
      const mentions = mentionsOf(pipeline);
      if (mentions.length === 0) return pipeline;
      const files = mentions.map((mention) => {
        const { file, exported } = parseReference(mention.reference);
        const graph = graphOf(file);
        const problems = problemsOf(graph, file, exported, spec, mention);
        findings.push(...problems);
        if (problems.length === 0) found.push(mention);
        return graph.files;
      });
      return { ...pipeline, handlers: Object.assign({}, ...files) };
    }),
  }));
  return { value: { ...spec, environments }, findings, found };
}

function mentionsOf(pipeline: ResolvedPipeline): Mention[] {
  const { settings, extractSource, layers } = pipeline;
  const mentions: Mention[] = [];
  if (extractSource?.kind === 'handler' && settings.extract !== undefined) {
    const source: Layers = [['sources', settings.extract.source]];
    const reference = extractSource.handler;
    mentions.push({ pipeline, role: 'source', reference, layers: source, path: ['handler'] });
  }
  if (settings.transform !== undefined) {
    const reference = settings.transform;
    mentions.push({ pipeline, role: 'transform', reference, layers, path: ['transform'] });
  }
  return mentions;
}

function problemsOf(
  graph: ModuleGraph,
  file: string,
  exported: string,
  spec: ResolvedSpec,
  { layers, path }: Mention,
): Finding[] {
  const at = locateIn(spec.source, layers, path);
  if (graph.problems.length > 0) {
    return graph.problems.map(({ message, help }) => ({
      name: 'handler-missing',
      severity: 'error',
      message,
      at,
      help,
    }));
  }
  if (graph.exports === undefined || graph.exports.has(exported)) return [];
  return [notExported(file, exported, [...graph.exports], at)];
}

export function notExported(file: string, exported: string, exports: readonly string[], at: Place): Finding {
  return {
    name: 'handler-not-exported',
    severity: 'error',
    message: `${file} exports no "${exported}"`,
    at,
    help: suggest(exported, exports) ?? `write it there as "export function ${exported}"`,
  };
}
