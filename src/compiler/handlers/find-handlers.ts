import { type ModuleGraph, readGraph } from '../../handlers/module-graph.ts';
import { parseReference } from '../../handlers/reference.ts';
import { suggest } from '../did-you-mean.ts';
import type { Finding } from '../finding.ts';
import { type Layers, locateIn } from '../layers.ts';
import type { ResolvedPipeline, ResolvedSpec } from '../resolved.ts';
import type { Path } from '../source-file.ts';

/** Where a pipeline names code of the project. */
interface Mention {
  readonly reference: string;
  readonly layers: Layers;
  readonly path: Path;
}

/**
 * Looks for the code that the pipelines name, and gives each pipeline the hashes of the files that it consists of: a
 * change of the code is a change of the pipeline. Findings where a file or an export is missing, or is no module.
 */
export function findHandlers(
  spec: ResolvedSpec,
  readText: (path: string) => string | undefined,
): { value: ResolvedSpec; findings: Finding[] } {
  const findings: Finding[] = [];
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
        findings.push(...problemsOf(graph, file, exported, spec, mention));
        return graph.files;
      });
      return { ...pipeline, handlers: Object.assign({}, ...files) };
    }),
  }));
  return { value: { ...spec, environments }, findings };
}

function mentionsOf({ settings, extractSource, layers }: ResolvedPipeline): Mention[] {
  const mentions: Mention[] = [];
  if (extractSource?.kind === 'handler' && settings.extract !== undefined) {
    const source: Layers = [['sources', settings.extract.source]];
    mentions.push({ reference: extractSource.handler, layers: source, path: ['handler'] });
  }
  if (settings.transform !== undefined) {
    mentions.push({ reference: settings.transform, layers, path: ['transform'] });
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
  const name = 'handler-missing';
  if (graph.problems.length > 0) {
    return graph.problems.map(({ message, help }) => ({ name, severity: 'error', message, at, help }));
  }
  if (graph.exports === undefined || graph.exports.has(exported)) return [];
  const help = suggest(exported, [...graph.exports]);
  return [
    {
      name,
      severity: 'error',
      message: `${file} exports no "${exported}"`,
      at,
      help: help ?? `write it there as "export function ${exported}"`,
    },
  ];
}
