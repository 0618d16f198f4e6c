import { dirname } from 'node:path/posix';
import { parseReference } from '../../handlers/reference.ts';
import type { Finding, Place } from '../finding.ts';
import { locateIn } from '../layers.ts';
import type { ResolvedSpec } from '../resolved.ts';
import type { Path } from '../source-file.ts';
import { type Mention, notExported } from './find-handlers.ts';
import type { HandlerFact, HandlerQuestion, ReadHandlers, Span } from './handler-facts.ts';
import { judgeRows } from './judge-row.ts';
import { signatureProblems } from './judge-signature.ts';
import { OUTPUT, typeFiles } from './type-files.ts';

/**
 * Compares handlers with what the spec says of them. Their types are asked for once for all pipelines and
 * environments, and not at all where there is none.
 */
export function checkHandlers(
  spec: ResolvedSpec,
  mentions: readonly Mention[],
  read: ReadHandlers,
  readText: (path: string) => string | undefined,
): Finding[] {
  if (mentions.length === 0) return [];
  const generated = Object.fromEntries(
    typeFiles(spec).map(({ path, content }) => [`${OUTPUT}/${path}`, content]),
  );
  const questions = mentions.map((mention) => questionOf(mention, mentions, generated));
  const distinct = new Map(questions.map((question) => [keyOf(question), question]));
  const answers = read([...distinct.values()], readText);
  const facts = new Map([...distinct.keys()].map((key, index) => [key, answers[index]]));
  return mentions.flatMap((mention, index) => {
    const question = questions[index];
    const fact = question === undefined ? undefined : facts.get(keyOf(question));
    return fact === undefined ? [] : findingsOf(spec, mention, fact);
  });
}

function questionOf(
  { role, reference, pipeline }: Mention,
  mentions: readonly Mention[],
  generated: HandlerQuestion['generated'],
): HandlerQuestion {
  const question = { role, ...parseReference(reference), generated };
  if (role === 'source') return question;
  // Only where its own file and export are there.
  const source = mentions.find((one) => one.role === 'source' && one.pipeline === pipeline);
  return source === undefined ? question : { ...question, recordsOf: parseReference(source.reference) };
}

function keyOf({ generated: _, ...question }: HandlerQuestion): string {
  return JSON.stringify(question);
}

function findingsOf(spec: ResolvedSpec, mention: Mention, fact: HandlerFact): Finding[] {
  const { pipeline, reference, layers, path } = mention;
  const { file, exported } = parseReference(reference);
  const at = locateIn(spec.source, layers, path);
  if (fact.kind === 'absent') return [notExported(file, exported, fact.exports, at)];
  const findings = signatureProblems(mention, fact).map(
    ({ severity, message, help, at: there, label }): Finding => ({
      name: 'handler-wrong-signature',
      severity,
      message,
      at,
      help,
      labels: [{ at: placeOf(spec, there), text: label }],
    }),
  );
  const { columns } = pipeline.settings;
  if (fact.kind !== 'function' || mention.role === 'source' || columns === undefined) return findings;
  const problems = judgeRows(columns, fact.returns, reference);
  return [
    ...findings,
    ...problems.map(({ column, about, severity, message, help, at: there, label }): Finding => {
      const place: Path = about === undefined ? ['columns', column] : ['columns', column, about];
      return {
        name: 'handler-missing-column',
        severity,
        message,
        at: locateIn(spec.source, pipeline.layers, place, about === undefined ? 'key' : 'value'),
        help,
        labels: [{ at: placeOf(spec, there), text: label }],
      };
    }),
  ];
}

/** Files of the project as messages print them: beside the spec. */
function placeOf({ source }: ResolvedSpec, { file, start, end }: Span): Place {
  const folder = dirname(source.file.replaceAll('\\', '/'));
  return { file: folder === '.' ? file : `${folder.replace(/\/$/, '')}/${file}`, start, end };
}
